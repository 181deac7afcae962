import { expect, it } from 'vitest'
import { fileKind, isSystemFile } from '../../../src/core/images/fileKinds.ts'

it.each([
  '__MACOSX/cat/1.png',
  'cat/__MACOSX/1.png',
  'cat/._1.png',
  '.DS_Store',
  'cat/Thumbs.db',
  'cat/ehthumbs_vista.db',
  'desktop.ini',
])('%s is left behind by a system, and hidden', (path) => {
  expect(isSystemFile(path)).toBe(true)
  expect(fileKind(path)).toBe('hidden')
})

it("a hidden folder may be the user's own", () => {
  expect(isSystemFile('.models/net.h5')).toBe(false)
  expect(fileKind('.models/net.h5')).toBe('hidden')
  expect(fileKind('.photos/1.png')).toBe('hidden')
})

it('pictures, rows of datasets and index files are told by their names', () => {
  const paths = ['cat/1.PNG', 'data_batch_1.bin#00042', 'index.tsv', 'cat/index.tsv', 'Thumbs.db.png']
  expect(paths.map(fileKind)).toEqual(['image', 'image', 'index', 'other', 'image'])
})
