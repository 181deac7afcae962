import { describe, expect, it } from 'vitest'
import type { ImageTable } from '../../../src/core/images/imageTable.ts'
import { seeded } from '../../fixtures/random.ts'
import { tableOfFolder, tableOfIndex } from '../../fixtures/imageTables.ts'

/** The class name of each path. */
function classes({ paths, classNames, classOf }: ImageTable): Record<string, string | null> {
  return Object.fromEntries(paths.map((path, i) => [path, classOf[i]! < 0 ? null : classNames[classOf[i]!]!]))
}

/** The paths in the order in which they are scanned. */
function scanned({ paths, order }: ImageTable): string[] {
  return [...order].map((image) => paths[image]!)
}

describe('a folder without an index', () => {
  it('numbers images by the rank of their path by code unit, whatever the order of the files', () => {
    const sorted = ['B/1.png', 'a/1.png', 'a/10.png', 'a/2.png', 'a/é.png', 'b/1.png']
    for (let seed = 0; seed < 10; seed++) {
      const table = tableOfFolder(seeded(seed).shuffled(sorted))
      expect(table.paths).toEqual(sorted)
      expect([...table.order]).toEqual([0, 1, 2, 3, 4, 5])
      expect(table.index).toBeNull()
    }
  })

  it('takes classes from its sub-directories', () => {
    const table = tableOfFolder(['dog/1.png', 'cat/1.png', 'cat/deep/2.png', 'loose.png', 'notes.txt'])
    expect(classes(table)).toEqual({
      'cat/1.png': 'cat',
      'cat/deep/2.png': 'cat',
      'dog/1.png': 'dog',
      'loose.png': null,
    })
    expect(table.classNames).toEqual(['cat', 'dog'])
  })

  it('looks for classes below the directories that all images share', () => {
    const table = tableOfFolder(['data/photos/cat/1.png', 'data/photos/dog/1.png'])
    expect(classes(table)).toEqual({ 'data/photos/cat/1.png': 'cat', 'data/photos/dog/1.png': 'dog' })
  })

  it('has one class where all images lie in one directory, and none where they lie in no directory', () => {
    expect(classes(tableOfFolder(['data/cat/1.png', 'data/cat/2.png']))).toEqual({
      'data/cat/1.png': 'cat',
      'data/cat/2.png': 'cat',
    })
    expect(tableOfFolder(['1.png', '2.png']).classNames).toEqual([])
    expect(classes(tableOfFolder(['1.png']))).toEqual({ '1.png': null })
  })

  it('gives an image beside the class directories no class, at any depth', () => {
    expect(classes(tableOfFolder(['a/1.png', 'a/b/2.png']))).toEqual({ 'a/1.png': null, 'a/b/2.png': 'b' })
    expect(classes(tableOfFolder(['a/b/1.png', 'a/z.png']))).toEqual({ 'a/b/1.png': 'b', 'a/z.png': null })
    expect(classes(tableOfFolder(['1.png', 'a/2.png', 'a/b/3.png']))).toEqual({
      '1.png': null,
      'a/2.png': 'a',
      'a/b/3.png': 'a',
    })
  })

  it('does not take one name in different directories for a shared directory', () => {
    expect(classes(tableOfFolder(['cat/train/1.png', 'dog/train/1.png']))).toEqual({
      'cat/train/1.png': 'cat',
      'dog/train/1.png': 'dog',
    })
  })

  it('may be empty', () => {
    expect(tableOfFolder(['notes.txt'])).toMatchObject({ paths: [], classNames: [], index: null })
  })
})

const folder = ['cat/1.png', 'cat/2.png', 'dog/1.png', 'dog/9.png', 'notes.txt']

function indexed(rows: readonly (readonly string[])[], paths: readonly string[] = folder): ImageTable {
  const table = tableOfIndex(paths, rows, 'index.tsv')
  if (!table) throw new Error('this is no index')
  return table
}

describe('an index', () => {
  const rows = [
    ['dog', '9.png'],
    ['cat', '2.png'],
    ['dog', '1.png'],
  ]

  it('gives the order of the scan; the number of an image stays the rank of its path', () => {
    const table = indexed(rows)
    expect(scanned(table)).toEqual(['dog/9.png', 'cat/2.png', 'dog/1.png'])
    expect(table.paths).toEqual(['cat/2.png', 'dog/1.png', 'dog/9.png'])
    expect([...table.order]).toEqual([2, 0, 1])
    expect(classes(table)).toEqual({ 'cat/2.png': 'cat', 'dog/1.png': 'dog', 'dog/9.png': 'dog' })
  })

  it('lists what it names in vain, and which images it does not name', () => {
    const table = indexed([...rows, ['cat', '77.png'], ['bird', '1.png']])
    expect(table.index).toEqual({
      name: 'index.tsv',
      columns: { file: 1, class: 0, split: null },
      header: false,
      classesFrom: 'index',
      missing: ['cat/77.png', 'bird/1.png'],
      unnamed: ['cat/1.png'],
      contradicting: [],
    })
    expect(table.classNames).toEqual(['cat', 'dog'])
  })

  it('calls a missing image by the path it has in the index', () => {
    const table = indexed([
      ['cat', 'cat/1.png'],
      ['cat', 'cat/77.png'],
    ])
    expect(table.index!.missing).toEqual(['cat/77.png'])
  })

  it.each([
    ['class, file', rows],
    ['file, class', rows.map((row) => row.toReversed())],
    ['class, whole path', rows.map(([cls, file]) => [cls!, `${cls}/${file}`])],
    ['whole path, class', rows.map(([cls, file]) => [`${cls}/${file}`, cls!])],
    ['whole path only', rows.map(([cls, file]) => [`${cls}/${file}`])],
    ['whole path from ./', rows.map(([cls, file]) => [cls!, `./${cls}/${file}`])],
    ['back-slashes', rows.map(([cls, file]) => [cls!, `${cls}\\${file}`])],
    ['blanks around', rows.map(([cls, file]) => [` ${cls}`, ` ${file} `])],
  ])('may have the columns %s', (_, columns) => {
    const table = indexed(columns)
    expect(scanned(table)).toEqual(['dog/9.png', 'cat/2.png', 'dog/1.png'])
    expect(classes(table)).toEqual({ 'cat/2.png': 'cat', 'dog/1.png': 'dog', 'dog/9.png': 'dog' })
    expect(table.index!.missing).toEqual([])
  })

  it('may call classes otherwise than directories where it has whole paths', () => {
    const table = indexed([
      ['feline', 'cat/1.png'],
      ['canine', 'dog/1.png'],
    ])
    expect(classes(table)).toEqual({ 'cat/1.png': 'feline', 'dog/1.png': 'canine' })
  })

  it.each([
    [
      'number of the class, class, path',
      (cls: string, file: string, i: number) => [String(i % 2), cls, `${cls}/${file}`],
    ],
    ['class, number of the image, file', (cls: string, file: string, i: number) => [cls, String(i), file]],
    [
      'number of the image, path, class',
      (cls: string, file: string, i: number) => [String(i), `${cls}/${file}`, cls],
    ],
    [
      'path, class, number of the image',
      (cls: string, file: string, i: number) => [`${cls}/${file}`, cls, String(i)],
    ],
    [
      'number, class, path, number',
      (cls: string, file: string, i: number) => ['1', cls, `${cls}/${file}`, String(i)],
    ],
  ])('may have other columns beside the class: %s', (_, columns) => {
    const table = indexed(rows.map(([cls, file], i) => columns(cls!, file!, i)))
    expect(scanned(table)).toEqual(['dog/9.png', 'cat/2.png', 'dog/1.png'])
    expect(classes(table)).toEqual({ 'cat/2.png': 'cat', 'dog/1.png': 'dog', 'dog/9.png': 'dog' })
  })

  const loose = ['1.png', '2.png', '3.png', '4.png']

  it('takes what repeats for the class where no directory says which it is', () => {
    for (const order of [
      [0, 1, 2],
      [1, 2, 0],
      [2, 0, 1],
    ]) {
      const cells = loose.map((file, i) => [String(i), file, i < 2 ? 'cat' : 'dog'])
      const table = indexed(
        cells.map((row) => order.map((column) => row[column]!)),
        loose,
      )
      expect(table.classNames, order.join()).toEqual(['cat', 'dog'])
      expect(scanned(table)).toEqual(loose)
    }
  })

  it('takes a column with classes rather than one that is empty', () => {
    const table = indexed(
      loose.map((file, i) => [file, i < 2 ? 'cat' : 'dog', '']),
      loose,
    )
    expect(table.classNames).toEqual(['cat', 'dog'])
  })

  it('would rather find images than agree with directories', () => {
    const table = indexed([
      ['cat', 'cat/1.png', 'cat/77.png'],
      ['dog', 'dog/1.png', 'dog/9.png'],
    ])
    expect(scanned(table)).toEqual(['cat/1.png', 'dog/1.png'])
  })

  it('means the file in the directory of its class where there is one of that name outside as well', () => {
    const table = indexed(
      [
        ['cat', '1.png'],
        ['cat', '2.png'],
      ],
      ['1.png', 'cat/1.png', '2.png'],
    )
    expect(scanned(table)).toEqual(['cat/1.png', '2.png'])
    expect(classes(table)).toEqual({ 'cat/1.png': 'cat', '2.png': 'cat' })
  })

  it('gives an image whose class is left empty no class', () => {
    const table = indexed([['cat/1.png', 'cat'], ['cat/2.png', ''], ['dog/1.png', '  '], ['dog/9.png']])
    expect(classes(table)).toEqual({
      'cat/1.png': 'cat',
      'cat/2.png': null,
      'dog/1.png': null,
      'dog/9.png': null,
    })
    expect(table.classNames).toEqual(['cat'])
    expect(table.index!.missing).toEqual([])
  })

  it.each([
    ['two columns', [['class', 'file'], ...rows]],
    ['one column', [['file'], ...rows.map(([cls, file]) => [`${cls}/${file}`])]],
  ])('may begin with a line of titles, in %s', (_, lines) => {
    expect(indexed(lines).index!.missing).toEqual([])
    expect(scanned(indexed(lines))).toHaveLength(3)
  })

  it('names a first line that is an image but not there as missing', () => {
    expect(indexed([['cat', '77.png'], ...rows]).index!.missing).toEqual(['cat/77.png'])
  })

  it('counts an image that it names twice once, where it comes first', () => {
    expect(scanned(indexed([rows[1]!, rows[0]!, rows[1]!]))).toEqual(['cat/2.png', 'dog/9.png'])
  })

  it('that names no image of the folder is no index of it', () => {
    expect(tableOfIndex(folder, [['bird', '1.png']], 'index.tsv')).toBeNull()
    expect(tableOfIndex(folder, [], 'index.tsv')).toBeNull()
    expect(tableOfIndex(folder, [['notes.txt']], 'index.tsv')).toBeNull()
  })

  it('gives a loose image no class', () => {
    expect(classes(indexed([['1.png']], ['1.png', '2.png']))).toEqual({ '1.png': null })
  })

  it('ranks ten thousand images as sorting their paths does', () => {
    const random = seeded(5)
    const names = Array.from(
      { length: 10_000 },
      (_, i) => [random.pick(['ant', 'bee', 'cow']), `${i}.png`] as const,
    )
    const paths = names.map(([cls, file]) => `${cls}/${file}`)
    const table = indexed(names, random.shuffled(paths))
    expect(scanned(table)).toEqual(paths)
    expect(table.paths).toEqual(paths.toSorted((a, b) => (a < b ? -1 : 1)))
  })
})
