/** Which of dropped files are the model's and which are images. */
import { expect, it } from 'vitest'
import { readDrop, readEntries } from '../../../src/state/images/readDrop.ts'

function entry(name: string): FileSystemEntry {
  const file = new File(['x'], name)
  return { name, isFile: true, isDirectory: false, file: (done: (file: File) => void) => done(file) } as never
}

const reader = {
  isResultsFile: () => Promise.resolve(false),
  isSnapshot: () => Promise.resolve(false),
} as never

/** The paths of the model's files, and whether there are images. */
async function sorted(...names: string[]): Promise<[readonly string[], boolean]> {
  const drop = await readEntries(names.map(entry), () => reader)
  return [drop.models.map(({ path }) => path), drop.source !== null]
}

it('a list beside a model is the model’s, if there are no pictures', async () => {
  expect(await sorted('net.onnx', 'labels.txt')).toEqual([['net.onnx', 'labels.txt'], false])
  expect(await sorted('net.onnx', 'config.json', 'net.onnx.data')).toEqual([
    ['net.onnx', 'config.json', 'net.onnx.data'],
    false,
  ])
  expect(await sorted('net.onnx', 'index.txt', 'a.png')).toEqual([['net.onnx'], true])
  expect(await sorted('index.txt', 'a.png')).toEqual([[], true])
})

it.each([
  ['without entries', undefined],
  ['with items that have none', () => null],
])('files are taken by browsers %s', async (_, webkitGetAsEntry) => {
  const item = (name: string) => ({
    kind: 'file',
    getAsFile: () => new File(['x'], name),
    ...(webkitGetAsEntry && { webkitGetAsEntry }),
  })
  const transfer = { items: [item('net.onnx'), item('a.png'), { kind: 'string' }] }
  const drop = await readDrop(transfer as never, () => reader)
  expect(drop.models.map(({ path }) => path)).toEqual(['net.onnx'])
  expect(drop.source!.name).toBe('a.png')
  expect(await drop.handles).toBeNull()
})
