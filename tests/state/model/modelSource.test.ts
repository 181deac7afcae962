import { describe, expect, it } from 'vitest'
import { modelSource } from '../../../src/state/model/modelSource.ts'

function file(path: string): { path: string; file: File } {
  return { path, file: new File(['x'], path.split('/').at(-1)!) }
}

function numbered(count: number, name: (i: number) => string): { path: string; file: File }[] {
  return Array.from({ length: count }, (_, i) => file(name(i)))
}

describe('of what is given as a model', () => {
  it('the main file comes first, shallow ones before deep ones', () => {
    const files = ['net/a/b.bin', 'net/a/model.json', 'net/model.json', 'net/notes.md'].map(file)
    expect(modelSource(files, null).files.map(({ path }) => path)).toEqual([
      'net/model.json',
      'net/a/model.json',
      'net/a/b.bin',
      'net/notes.md',
    ])
  })

  it('a folder of pictures keeps so few that they say what it is', () => {
    const { files } = modelSource([...numbered(7454, (i) => `cats/${i}.png`), file('cats/labels.json')], null)
    expect(files[0]!.path).toBe('cats/labels.json')
    expect(files).toHaveLength(11)
  })

  it('a folder of other things keeps those that may be a model', () => {
    const { files } = modelSource(
      [...numbered(5000, (i) => `a/${i}.npy`), file('a/deep/in/it/model.h5')],
      null,
    )
    expect(files[0]!.path).toBe('a/deep/in/it/model.h5')
    expect(files).toHaveLength(2000)
  })
})
