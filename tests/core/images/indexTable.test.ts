import { describe, expect, it } from 'vitest'
import { labelsOfDirectories } from '../../../src/core/images/directoryLabels.ts'
import { fileKind, looksLikeImage } from '../../../src/core/images/fileKinds.ts'
import type { ImageTable } from '../../../src/core/images/imageTable.ts'
import type { IndexChoices } from '../../../src/core/images/indexTable.ts'
import { tableOfFolder, tableOfIndex } from '../../fixtures/imageTables.ts'

const folder = ['cat/1.png', 'cat/2.png', 'dog/1.png', 'dog/9.png']

function indexed(
  rows: readonly (readonly string[])[],
  paths: readonly string[] = folder,
  choices: IndexChoices = {},
): ImageTable {
  const table = tableOfIndex(paths, rows, 'index.csv', choices)
  if (!table) throw new Error('this is no index')
  return table
}

function scanned({ paths, order }: ImageTable): string[] {
  return [...order].map((image) => paths[image]!)
}

function splits({ paths, splits: names, splitOf }: ImageTable): Record<string, string | null> {
  return Object.fromEntries(paths.map((path, i) => [path, names[splitOf[i]!] ?? null]))
}

function classes({ paths, classNames, classOf }: ImageTable): Record<string, string | null> {
  return Object.fromEntries(paths.map((path, i) => [path, classNames[classOf[i]!] ?? null]))
}

describe('a file', () => {
  it('looks like an image by its ending, also as a row of a dataset', () => {
    const images = ['a.png', 'b/c.JPG', 'x.y/z.jpeg', 'a.webp', 'a.tiff', 'train/frog/data_batch_1.bin#00042']
    expect(images.filter(looksLikeImage)).toEqual(images)
    expect(['a.txt', 'png', 'a.png.txt', 'a.bin'].filter(looksLikeImage)).toEqual([])
  })

  it('may be an index at the top of the folder', () => {
    expect(['z.tsv', 'a.TXT', 'b.csv', 'cat/names.csv'].map(fileKind)).toEqual([
      'index',
      'index',
      'index',
      'other',
    ])
  })

  it.each([
    '.a.png',
    'cat/._1.png',
    'Thumbs.db',
    'cat/desktop.ini',
    '__MACOSX/cat/1.png',
    'x/__MACOSX/1.png',
    '.git/logo.png',
    'cat/.ipynb_checkpoints/1.png',
    '.DS_Store',
  ])('%s is hidden', (path) => {
    expect(fileKind(path)).toBe('hidden')
  })
})

describe('directories', () => {
  it('say the split where they differ in nothing else at the top, and the class below', () => {
    const table = tableOfFolder(['data/train/cat/1.png', 'data/train/dog/1.png', 'data/test/cat/2.png'])
    expect(splits(table)).toEqual({
      'data/test/cat/2.png': 'test',
      'data/train/cat/1.png': 'train',
      'data/train/dog/1.png': 'train',
    })
    expect(table.classNames).toEqual(['cat', 'dog'])
  })

  it.each(['seg_train', 'Training', 'validation', 'val2', 'test_set', 'dev'])('%s is a split', (name) => {
    expect(labelsOfDirectories([`${name}/1.png`, 'test/1.png']).splits).toEqual([name, 'test'])
  })

  it('say no split where one of them is something else', () => {
    const table = tableOfFolder(['train/1.png', 'car/1.png'])
    expect(table.splits).toEqual([])
    expect(table.classNames).toEqual(['car', 'train'])
  })

  it('leave a loose image beside splits without one', () => {
    expect(labelsOfDirectories(['logo.png', 'train/a/1.png', 'test/b/1.png'])).toEqual({
      classes: [null, 'a', 'b'],
      splits: [null, 'train', 'test'],
    })
  })
})

describe('an index', () => {
  it('has a split column by its values, which is not the class', () => {
    const table = indexed([
      ['train', '1.png', 'cat'],
      ['test', '2.png', 'cat'],
      ['train', '9.png', 'dog'],
    ])
    expect(table.index!.columns).toEqual({ file: 1, class: 2, split: 0 })
    expect(splits(table)).toEqual({ 'cat/1.png': 'train', 'cat/2.png': 'test', 'dog/9.png': 'train' })
    expect(classes(table)).toEqual({ 'cat/1.png': 'cat', 'cat/2.png': 'cat', 'dog/9.png': 'dog' })
  })

  it('has a split column by its title, whatever the values', () => {
    const table = indexed([
      ['path', 'label', 'fold'],
      ['cat/1.png', 'cat', '0'],
      ['cat/2.png', 'cat', '1'],
    ])
    expect(table.index).toMatchObject({ header: true, columns: { file: 0, class: 1, split: 2 }, missing: [] })
    expect(table.splits).toEqual(['0', '1'])
  })

  it('takes the column that is titled as the class rather than one of fewer values', () => {
    const table = indexed([
      ['image', 'sex', 'dx'],
      ['cat/1.png', 'male', 'nv'],
      ['cat/2.png', 'male', 'mel'],
      ['dog/1.png', 'male', 'bcc'],
    ])
    expect(table.index!.columns.class).toBe(2)
  })

  it('takes the column that agrees with the directories rather than one that is titled as the class', () => {
    const rows = [
      ['file', 'class', 'where'],
      ['cat/1.png', 'indoors', 'cat'],
      ['cat/2.png', 'outdoors', 'cat'],
      ['dog/1.png', 'indoors', 'dog'],
    ]
    expect(indexed(rows).classNames).toEqual(['cat', 'dog'])
  })

  it('is read by the columns that were chosen', () => {
    const rows = [
      ['cat/1.png', 'a', 'x'],
      ['dog/1.png', 'a', 'y'],
    ]
    const chosen = indexed(rows, folder, { columns: { class: 2 } })
    expect(chosen.classNames).toEqual(['x', 'y'])
    expect(indexed(rows, folder, { columns: { class: null } })).toMatchObject({
      classesFrom: 'folder',
      classNames: ['cat', 'dog'],
    })
    expect(tableOfIndex(folder, rows, 'index.csv', { columns: { file: 1, class: 0 } })).toBeNull()
  })

  it('is read with or without a line of titles, as was chosen', () => {
    const rows = [
      ['cat/1.png', 'cat'],
      ['dog/1.png', 'dog'],
    ]
    expect(scanned(indexed(rows, folder, { header: true }))).toEqual(['dog/1.png'])
    const titled = [['cat/none', 'cat'], ...rows]
    expect(indexed(titled, folder).index!.missing).toEqual([])
    expect(indexed(titled, folder, { header: false }).index!.missing).toEqual(['cat/none'])
  })

  it('leaves the classes to the sub-directories, or has none, as was chosen', () => {
    const rows = [
      ['cat/1.png', 'feline'],
      ['dog/1.png', 'canine'],
    ]
    expect(indexed(rows).classNames).toEqual(['canine', 'feline'])
    expect(indexed(rows, folder, { classesFrom: 'folder' }).classNames).toEqual(['cat', 'dog'])
    expect(indexed(rows, folder, { classesFrom: 'none' })).toMatchObject({
      classNames: [],
      classesFrom: 'none',
    })
  })

  it.each([
    ['other letters', 'CAT/1.PNG'],
    ['escapes of addresses', 'cat%2F1.png'],
    ['no ending', 'cat/1'],
    ['all of it', 'Cat%2f1'],
  ])('finds an image that it names with %s', (_, name) => {
    expect(scanned(indexed([['dog/1.png'], [name]]))).toEqual(['dog/1.png', 'cat/1.png'])
  })

  it('would rather have the exact name', () => {
    const paths = ['a%20b.png', 'a b.png', 'A B.png', 'x.png']
    expect(scanned(indexed([['A B.png'], ['a%20b.png'], ['a b.png']], paths))).toEqual([
      'A B.png',
      'a%20b.png',
      'a b.png',
    ])
  })

  it('names in vain what could be two images', () => {
    const table = indexed([['x.png'], ['A b.png'], ['c']], ['x.png', 'a b.png', 'A B.png', 'c.png', 'c.jpg'])
    expect(table.index!.missing).toEqual(['A b.png', 'c'])
  })

  it('may have paths that begin above the folder', () => {
    const table = indexed([
      ['C:\\data\\pets\\cat\\1.png', 'a'],
      ['C:\\data\\pets\\dog\\9.png', 'b'],
      ['C:\\data\\other\\dog\\1.png', 'b'],
    ])
    expect(scanned(table)).toEqual(['cat/1.png', 'dog/9.png'])
    expect(table.index!.missing).toEqual(['C:/data/other/dog/1.png'])
  })

  it('may have bare names of images in directories, where they are not ambiguous', () => {
    const parts = ['part1/a.jpg', 'part2/b.jpg', 'part1/c.jpg', 'part2/c.jpg']
    const table = indexed(
      [
        ['a', 'nv'],
        ['b', 'mel'],
        ['c', 'nv'],
      ],
      parts,
    )
    expect(scanned(table)).toEqual(['part1/a.jpg', 'part2/b.jpg'])
    expect(table.index!.missing).toEqual(['c'])
  })

  it('does not take an image of another directory for one that is missing', () => {
    const table = indexed([
      ['dog', '1.png'],
      ['cat', '9.png'],
    ])
    expect(scanned(table)).toEqual(['dog/1.png'])
    expect(table.index!.missing).toEqual(['cat/9.png'])
  })
})

describe('an index of other habits', () => {
  it('with a column a class, marked by 1, leaves the classes to the folders', () => {
    const table = indexed([
      ['file', 'cat', 'dog'],
      ['cat/1.png', '1', '0'],
      ['cat/2.png', '1', '0'],
      ['dog/1.png', '0', '1'],
    ])
    expect(table.index).toMatchObject({ columns: { file: 0, class: null }, classesFrom: 'folder' })
    expect(classes(table)).toEqual({ 'cat/1.png': 'cat', 'cat/2.png': 'cat', 'dog/1.png': 'dog' })
  })

  it('may have classes that are called 0 and 1', () => {
    const table = indexed([
      ['cat/1.png', '0'],
      ['dog/1.png', '1'],
      ['dog/9.png', '1'],
    ])
    expect(classes(table)).toEqual({ 'cat/1.png': '0', 'dog/1.png': '1', 'dog/9.png': '1' })
  })

  it('that contradicts itself is told; the first row counts', () => {
    const table = indexed(
      [
        ['1.png', 'cat'],
        ['9.png', 'dog'],
        ['9.png', 'dog'],
        ['9.png', 'wolf'],
      ],
      ['1.png', '9.png'],
    )
    expect(classes(table)).toEqual({ '1.png': 'cat', '9.png': 'dog' })
    expect(table.index!.contradicting).toEqual(['9.png: dog, then wolf'])
  })
})

describe('a picture of a rare ending', () => {
  it.each(['a.mpo', 'a.jps', 'a.jpe', 'a.pjpeg', 'a.apng', 'a.dib', 'a.avifs'])('%s is one', (path) => {
    expect(looksLikeImage(path)).toBe(true)
  })
})
