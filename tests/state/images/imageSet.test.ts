import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/core/errors.ts'
import type { ImageHandle } from '../../../src/engine/images/imageHandle.ts'
import { makeTable } from '../../../src/engine/files/makeTable.ts'
import {
  fingerprintLines,
  type ImageSet,
  type IndexChoice,
  listFolder,
  makeImageSet,
} from '../../../src/state/images/imageSet.ts'
import type { ImageSource } from '../../../src/state/images/imageSource.ts'
import { addressSource } from '../../../src/state/images/sources/addressSource.ts'
import { folderOf, sourceOf } from '../../fixtures/fakeWorkers.ts'

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

function open(choice: IndexChoice, files = folder, before: ImageSet | null = null): Promise<ImageSet> {
  const entries = Object.entries(files).map(([path, text]) => ({ path, handle: new Blob([text]) }))
  return openSource(sourceOf('photos', entries), choice, before)
}

async function openSource(
  source: ImageSource,
  choice: IndexChoice = 'auto',
  before: ImageSet | null = null,
): Promise<ImageSet> {
  const listing = await listFolder(source, new AbortController().signal, () => undefined)
  return makeImageSet(listing, choice, { makeTable: async (request) => makeTable(request) }, before)
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
      otherFiles: 1,
      hiddenFiles: 1,
    })
  })

  it('tells where it is while it looks for files', async () => {
    const told: [number, string][] = []
    await listFolder(
      sourceOf('photos', folderOf(['a.png', 'cat/1.png', 'cat/b/2.png'])),
      new AbortController().signal,
      (...found) => told.push(found),
    )
    expect(told).toEqual([
      [1, ''],
      [2, 'cat'],
      [3, 'cat/b'],
    ])
  })

  it('reads an index from elsewhere again in another way', async () => {
    const file = new Blob(['dog\t1.png\ncat\t2.png\n'])
    const before = await open({ name: 'mine.tsv', file })
    const after = await open({ name: 'mine.tsv', classesFrom: 'none' }, folder, before)
    expect(before.table.classNames).toEqual(['cat', 'dog'])
    expect(after.table.classNames).toEqual([])
    expect(after.table.paths).toEqual(before.table.paths)
    expect(after.indexPreview).toEqual([
      ['dog', '1.png'],
      ['cat', '2.png'],
    ])
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
    const lines = await fingerprintLines(await open('none'))
    expect(lines).toEqual(['cat/1.png\t7', 'cat/2.png\t15', 'dog/1.png\t3'])
    const reversed = Object.fromEntries(Object.entries(folder).toReversed())
    expect(await fingerprintLines(await open('none', reversed))).toEqual(lines)
  })

  it('opens an image once for its size, and none that a scan has opened', async () => {
    const opened: string[] = []
    const source = sourceOf('photos', folderOf(['a.png', 'b.png', 'c.png']))
    const set = await openSource({
      ...source,
      open: (path) => {
        opened.push(path)
        return source.open(path)
      },
    })
    await set.handleOf(1)
    await fingerprintLines(set)
    await fingerprintLines(set)
    expect(opened).toEqual(['b.png', 'a.png', 'c.png'])
  })

  it('has addresses, and what has gone, without a size in its fingerprint', async () => {
    const web = await openSource(addressSource('web', ['cat/1.png'], new URL('http://host/')))
    expect(await fingerprintLines(web)).toEqual(['cat/1.png\t'])
    const source = sourceOf('photos', folderOf(['a.png', 'b.png']))
    const gone = await openSource({
      ...source,
      open: (path): ImageHandle => {
        if (path === 'a.png') throw new Error('it has gone')
        return new Blob([path])
      },
    })
    expect(await fingerprintLines(gone)).toEqual(['a.png\t', 'b.png\t5'])
  })
})

describe('a folder of files without endings', () => {
  const list = async (files: Record<string, BlobPart>): Promise<readonly string[]> => {
    const entries = Object.entries(files).map(([path, content]) => ({ path, handle: new Blob([content]) }))
    const listing = await listFolder(
      sourceOf('photos', entries),
      new AbortController().signal,
      () => undefined,
    )
    expect(listing.otherFiles + listing.images.length).toBe(entries.length)
    return listing.images
  }
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10)

  it('holds pictures where they begin as such', async () => {
    expect(await list({ 'cat/0001': png, 'cat/0002': 'cut', LICENSE: 'text' })).toEqual([
      'cat/0001',
      'cat/0002',
      'LICENSE',
    ])
    expect(await list({ a: Uint8Array.of(0xff, 0xd8, 0xff, 0xe0) })).toEqual(['a'])
  })

  it('holds none where they are texts, or where there are pictures with endings', async () => {
    expect(await list({ LICENSE: 'text', Makefile: 'all:' })).toEqual([])
    expect(await list({ LICENSE: png, 'a.png': png })).toEqual(['a.png'])
  })
})
