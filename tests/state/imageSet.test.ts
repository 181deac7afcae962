import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/core/errors.ts'
import type { ImageHandle } from '../../src/engine/images/imageHandle.ts'
import { fingerprintLines, type IndexChoice, makeImageSet } from '../../src/state/imageSet.ts'

const folder: Readonly<Record<string, string>> = {
  'cat/1.png': 'cat one',
  'cat/2.png': 'cat two, larger',
  'dog/1.png': 'dog',
  'a-readme.txt': 'These are photos.\n',
  'index.tsv': 'dog\t1.png\ncat\t2.png\n',
  'other.csv': 'cat\t1.png\n',
  'cat/notes.txt': 'not at the top',
  'Thumbs.db': '',
}

function entries(files = folder): Map<string, ImageHandle> {
  return new Map(Object.entries(files).map(([path, text]) => [path, new Blob([text])]))
}

const rows = async (file: Blob): Promise<string[][]> =>
  (await file.text())
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'))

function open(choice: IndexChoice, files = folder) {
  return makeImageSet('photos', entries(files), choice, rows)
}

async function order(choice: IndexChoice, files = folder): Promise<string[]> {
  const { table } = await open(choice, files)
  return [...table.order].map((image) => table.paths[image]!)
}

describe('the index', () => {
  it('is found by itself: the first text file at the top that names images', async () => {
    expect(await order('auto')).toEqual(['dog/1.png', 'cat/2.png'])
    expect((await open('auto')).table.index!.name).toBe('index.tsv')
  })

  it('is none where no text file names images', async () => {
    const { 'index.tsv': _, 'other.csv': __, ...without } = folder
    expect(await order('auto', without)).toEqual(['cat/1.png', 'cat/2.png', 'dog/1.png'])
  })

  it('is none where none is asked for', async () => {
    expect(await order('none')).toEqual(['cat/1.png', 'cat/2.png', 'dog/1.png'])
  })

  it('may be another file of the folder', async () => {
    expect(await order({ name: 'other.csv' })).toEqual(['cat/1.png'])
  })

  it('may be a file from anywhere', async () => {
    expect(await order({ name: 'mine.tsv', file: new Blob(['cat\t1.png\ndog\t1.png\n']) })).toEqual([
      'cat/1.png',
      'dog/1.png',
    ])
  })
})

describe('a set of images', () => {
  it('counts other files, and knows which could be an index', async () => {
    expect(await open('none')).toMatchObject({
      name: 'photos',
      indexCandidates: ['a-readme.txt', 'index.tsv', 'other.csv'],
      otherFiles: 2,
    })
  })

  it.each([
    ['without images', 'auto', { 'a.txt': 'text' }, 'images/none', /^photos holds no images/],
    [
      'without the index that was asked for',
      { name: 'gone.tsv' },
      folder,
      'images/index-missing',
      /no file "gone\.tsv"/,
    ],
    [
      'whose index names no image',
      { name: 'a-readme.txt' },
      folder,
      'images/index-empty',
      /^a-readme\.txt names no image/,
    ],
  ] as const)('%s is refused', async (_, choice, files, code, sentence) => {
    const error: unknown = await open(choice, files).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code, message: expect.stringMatching(sentence) as unknown })
  })

  it('has a fingerprint of the paths and sizes of its images, in the order of the paths', async () => {
    expect(fingerprintLines(await open('none'))).toEqual(['cat/1.png\t7', 'cat/2.png\t15', 'dog/1.png\t3'])
    const reversed = Object.fromEntries(Object.entries(folder).toReversed())
    expect(fingerprintLines(await open('none', reversed))).toEqual(fingerprintLines(await open('none')))
  })

  it('has addresses without a size in its fingerprint', async () => {
    const set = await makeImageSet('web', new Map([['cat/1.png', 'http://host/cat/1.png']]), 'none', rows)
    expect(fingerprintLines(set)).toEqual(['cat/1.png\t'])
  })
})
