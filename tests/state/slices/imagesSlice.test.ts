import { describe, expect, it, vi } from 'vitest'
import { layOutSheet } from '../../../src/core/mosaic/figureSheet.ts'
import { clauseError, sentence } from '../../../src/core/errors.ts'
import type { FigureRequest, PatchRequest } from '../../../src/engine/gallery.ts'
import type { GalleryClient } from '../../../src/state/workers/galleryClient.ts'
import { stretched } from '../../fixtures/framing.ts'
import {
  deferred,
  type FolderEntry,
  folderOf,
  imagePaths,
  readyApp,
  settled,
  sourceOf,
  testApp,
} from '../../fixtures/fakeWorkers.ts'

const index = { path: 'index.tsv', handle: new Blob(['dog\t0003.png\ncat\t0000.png\n']) }

async function* broken(): AsyncGenerator<FolderEntry> {
  yield* folderOf(imagePaths(3))
  throw new Error('the disk is gone')
}

const sheet = layOutSheet(4, 1, { width: 200, scale: 1, captions: 'alone' })

function figureOf(patches: readonly PatchRequest[]): FigureRequest {
  return { title: 'a', note: '', captions: [], descriptions: patches.map(() => ''), patches }
}

function patch(image: number): PatchRequest {
  return { image, box: [0, 0, 3, 3] }
}

describe('opening images', () => {
  it('makes a table of them', async () => {
    const { store, gallery } = testApp()
    expect(await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(4).toReversed())))).toBe(
      true,
    )
    const { images, readingImages } = store.getState()
    expect(images!.name).toBe('photos')
    expect(images!.table.paths).toEqual(imagePaths(4))
    expect(images!.table.classNames).toEqual(['cat', 'dog'])
    expect(readingImages).toBeNull()
    expect(gallery.calls.map(([name]) => name)).toEqual(['makeTable', 'clear'])
  })

  it('takes them from a folder that is still being read, and counts', async () => {
    const { store } = testApp()
    const gate = deferred()
    async function* reading(): AsyncGenerator<FolderEntry> {
      yield* folderOf(imagePaths(600))
      await gate.promise
      yield { path: 'last.png', handle: new Blob(['last']) }
    }
    const opening = store.getState().openImages(sourceOf('photos', reading()))
    await vi.waitFor(() => expect(store.getState().readingImages!.found).toBeGreaterThan(0))
    // The count is shown ten times a second, so on a busy machine it may begin late.
    const { name, found, folder } = store.getState().readingImages!
    expect([name, folder]).toEqual(['photos', found <= 300 ? 'cat' : 'dog'])
    gate.resolve()
    await opening
    expect(store.getState().images!.table.paths).toHaveLength(601)
    expect(store.getState().readingImages).toBeNull()
  })

  it('whose index cannot be opened names the index', async () => {
    const { store } = testApp()
    const files = sourceOf('photos', [...folderOf(imagePaths(4)), index])
    const gone = clauseError('images/unreadable', { reason: 'it was moved' })
    await store.getState().openImages({ ...files, open: () => Promise.reject(gone) })
    expect(store.getState().notices.map(({ text }) => text)).toEqual([
      sentence('images/index-unreadable', { index: 'index.tsv', reason: gone.message }),
    ])
  })

  it.each<[string, BlobPart, string | null]>([
    ['names nothing of this folder', 'wolf\t0099.png\n', 'looks like an index'],
    ['has nothing but titles', 'file,class\n', 'looks like an index'],
    ['contradicts itself', 'cat\t0000.png\ndog\tcat/0000.png\n', 'names an image again'],
    ['is a text that lies there', 'Photos of 2019. See a.png.\n', null],
  ])('whose index %s says so', async (_, text, says) => {
    const { store } = testApp()
    const file = { path: 'index.txt', handle: new Blob([text]) }
    expect(await store.getState().openImages(sourceOf('photos', [...folderOf(imagePaths(4)), file]))).toBe(
      true,
    )
    const notices = store.getState().notices.map(({ kind, text: told }) => [kind, told])
    expect(notices).toEqual(says === null ? [] : [['warning', expect.stringContaining(`index.txt ${says}`)]])
  })

  it('takes an index in UTF-16 without a mark', async () => {
    const { store } = testApp()
    const letters = [...'cat\t0000.png\ndog\t0003.png\n']
    const little = Uint8Array.from(letters.flatMap((letter) => [letter.charCodeAt(0), 0]))
    for (const bytes of [little, Uint8Array.from(letters.flatMap((letter) => [0, letter.charCodeAt(0)]))]) {
      const file = { path: 'index.txt', handle: new Blob([bytes]) }
      await store.getState().openImages(sourceOf('photos', [...folderOf(imagePaths(4)), file]))
      expect(store.getState().images!.table.index!.name).toBe('index.txt')
      expect(store.getState().images!.table.paths).toHaveLength(2)
    }
  })

  it('tells files that an archive cannot give', async () => {
    const { store } = testApp()
    const source = sourceOf('photos.tar', folderOf(imagePaths(2)))
    const leftOut = [{ path: 'cat/9.png', why: 'a link to ../x.png, which is not in the archive' }]
    await store.getState().openImages({ ...source, leftOut: () => leftOut })
    expect(store.getState().images!.leftOut).toEqual(leftOut)
    expect(store.getState().notices.map(({ kind, text }) => [kind, text])).toEqual([
      [
        'warning',
        'photos.tar: cat/9.png is left out, as it is a link to ../x.png, which is not in the archive. The images menu lists it.',
      ],
    ])
  })

  it('where there are none keeps the ones before, and says so', async () => {
    const { store } = await readyApp()
    await store.getState().run(['first'])
    const { images, results } = store.getState()
    expect(
      await store.getState().openImages(sourceOf('papers', [{ path: 'a.pdf', handle: new Blob() }])),
    ).toBe(false)
    expect(store.getState().notices.map(({ text }) => text)).toEqual([
      sentence('images/none', { folder: 'papers' }),
    ])
    expect(store.getState().images).toBe(images)
    expect(store.getState().results).toBe(results)
    expect(store.getState().readingImages).toBeNull()
  })

  it('that fails while the folder is read keeps the ones before, and says why', async () => {
    const { store } = await readyApp()
    const { images } = store.getState()
    expect(await store.getState().openImages(sourceOf('photos', broken()))).toBe(false)
    expect(store.getState().notices.map(({ text }) => text)).toEqual(['the disk is gone'])
    expect(store.getState().images).toBe(images)
  })

  it('can be stopped, and the ones before stay', async () => {
    const { store } = await readyApp()
    const { images } = store.getState()
    const gate = deferred()
    async function* endless(): AsyncGenerator<FolderEntry> {
      yield* folderOf(imagePaths(3))
      await gate.promise
      yield* folderOf(['more.png'])
    }
    const opening = store.getState().openImages(sourceOf('endless', endless()))
    await settled()
    expect(store.getState().readingImages!.name).toBe('endless')
    store.getState().stopReading()
    expect(store.getState().readingImages).toBeNull()
    gate.resolve()
    expect(await opening).toBe(false)
    expect(store.getState().images).toBe(images)
    expect(store.getState().notices).toEqual([])
  })

  it('forgets the results of the ones before', async () => {
    const { store } = await readyApp()
    await store.getState().run(['first'])
    await store.getState().openImages(sourceOf('others', folderOf(imagePaths(3))))
    expect(store.getState()).toMatchObject({
      scan: { status: 'idle' },
      results: new Map(),
      skipped: new Map(),
    })
  })

  it('whose table is made late do not take the place of newer ones', async () => {
    const { store, gallery } = testApp()
    const gate = deferred()
    const { makeTable } = gallery.remote
    let tables = 0
    Object.assign(gallery.remote, {
      async makeTable(request: Parameters<typeof makeTable>[0]) {
        if (tables++ === 0) await gate.promise
        return makeTable(request)
      },
    })
    const early = store.getState().openImages(sourceOf('early', folderOf(imagePaths(4))))
    await settled()
    await vi.waitFor(() => expect(tables).toBe(1))
    expect(await store.getState().openImages(sourceOf('late', folderOf(imagePaths(6))))).toBe(true)
    gate.resolve()
    expect(await early).toBe(false)
    expect(store.getState().images!.name).toBe('late')
    expect(store.getState()).toMatchObject({ readingImages: null, notices: [] })
  })

  it('twice at a time: the latest wins', async () => {
    const { store } = testApp()
    const gate = deferred()
    async function* slow(): AsyncGenerator<FolderEntry> {
      await gate.promise
      yield* folderOf(imagePaths(4))
    }
    const earlier = store.getState().openImages(sourceOf('slow', slow()))
    expect(await store.getState().openImages(sourceOf('fast', folderOf(imagePaths(2))))).toBe(true)
    gate.resolve()
    expect(await earlier).toBe(false)
    expect(store.getState().images!.name).toBe('fast')
    expect(store.getState().readingImages).toBeNull()
  })
})

describe('the index', () => {
  it('of the same files may be changed', async () => {
    const { store } = testApp()
    await store.getState().openImages(sourceOf('photos', [...folderOf(imagePaths(4)), index]))
    const order = (): number[] => [...store.getState().images!.table.order]
    expect(order()).toEqual([1, 0])
    expect(await store.getState().setIndex('none')).toBe(true)
    expect(order()).toEqual([0, 1, 2, 3])
    expect(await store.getState().setIndex({ name: 'index.tsv' })).toBe(true)
    expect(order()).toEqual([1, 0])
  })

  it('that is not there changes nothing', async () => {
    const { store } = testApp()
    await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(4))))
    const { images } = store.getState()
    expect(await store.getState().setIndex({ name: 'gone.tsv' })).toBe(false)
    expect(store.getState().images).toBe(images)
    expect(store.getState().notices).toHaveLength(1)
  })

  it('of no images is no index', async () => {
    expect(await testApp().store.getState().setIndex('none')).toBe(false)
  })
})

describe('the gallery', () => {
  const layout = { side: 4, patch: 8, gap: 1 }

  it('is told of an image the first time it is needed, before it is needed', async () => {
    const { store, gallery } = testApp()
    const files = folderOf(imagePaths(4))
    await store.getState().openImages(sourceOf('photos', files))
    gallery.calls.length = 0
    const client = store.services.gallery
    await client.mosaic([patch(2), patch(0), patch(2)], stretched([6, 5, 3]), layout)
    await client.picture(2, 100, 'ignore')
    await client.figures([figureOf([patch(0), patch(3)])], stretched([6, 5, 3]), sheet, ['', ''], 'png')
    const introduced = gallery.calls.filter(([name]) => name === 'addImages').map(([, images]) => images)
    expect(gallery.calls.map(([name]) => name)).toEqual([
      'addImages',
      'mosaic',
      'picture',
      'addImages',
      'figures',
    ])
    expect(introduced).toEqual([
      [
        [2, files[2]!.handle],
        [0, files[0]!.handle],
      ],
      [[3, files[3]!.handle]],
    ])
  })

  it('that has died is replaced, and the new one told of the images it is asked for', async () => {
    const { store, gallery, galleries } = testApp()
    const files = folderOf(imagePaths(4))
    await store.getState().openImages(sourceOf('photos', files))
    const client = store.services.gallery
    await client.mosaic([patch(1), patch(2)], stretched([6, 5, 3]), layout)
    gallery.die('out of memory')
    expect(galleries.all).toHaveLength(1)
    await client.mosaic([patch(1), patch(2)], stretched([6, 5, 3]), layout)
    await client.picture(2, 100, 'ignore')
    await client.figures([figureOf([patch(1), patch(3)])], stretched([6, 5, 3]), sheet, ['', ''], 'png')
    expect(galleries.all).toHaveLength(2)
    expect(galleries.all[1]!.calls.map(([name]) => name)).toEqual([
      'addImages',
      'mosaic',
      'picture',
      'addImages',
      'figures',
    ])
    expect(galleries.all[1]!.calls[0]![1]).toEqual([
      [1, files[1]!.handle],
      [2, files[2]!.handle],
    ])
    expect(galleries.all[1]!.calls[3]![1]).toEqual([[3, files[3]!.handle]])
  })

  it.each([
    [
      'a mosaic',
      (client: GalleryClient) => client.mosaic([patch(1), patch(2)], stretched([6, 5, 3]), layout),
      [1, 2],
    ],
    ['a picture', (client: GalleryClient) => client.picture(2, 100, 'ignore'), [2]],
    [
      'figures',
      (client: GalleryClient) =>
        client.figures([figureOf([patch(2), patch(3)])], stretched([6, 5, 3]), sheet, ['', ''], 'png'),
      [2, 3],
    ],
  ] as const)('that has died is replaced by %s', async (_, call, images) => {
    const { store, gallery, galleries } = testApp()
    await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(4))))
    await store.services.gallery.picture(2, 100, 'ignore')
    gallery.die('out of memory')
    await call(store.services.gallery)
    const [introduction, request] = galleries.all[1]!.calls
    expect(introduction![0]).toBe('addImages')
    expect((introduction![1] as [number, Blob][]).map(([image]) => image)).toEqual(images)
    expect(request).toBeDefined()
  })

  it('that dies in the middle of a call rejects it, and the next call has a new one', async () => {
    const { store, gallery, galleries } = testApp()
    await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(4))))
    const pending = store.services.gallery.picture(1, 100, 'ignore')
    gallery.die('out of memory')
    await expect(pending).rejects.toMatchObject({ code: 'worker/died' })
    await store.services.gallery.picture(1, 100, 'ignore')
    expect(galleries.all[1]!.calls.map(([name]) => name)).toEqual(['addImages', 'picture'])
  })

  it('that has died does not keep other images from being opened', async () => {
    const { store, gallery, galleries } = testApp()
    gallery.die('out of memory')
    const dogs = { path: 'index.tsv', handle: new Blob(['dog\t0003.png\n']) }
    expect(await store.getState().openImages(sourceOf('photos', [...folderOf(imagePaths(4)), dogs]))).toBe(
      true,
    )
    expect(galleries.all.map(({ calls }) => calls.map(([name]) => name))).toEqual([
      [],
      ['makeTable', 'clear'],
    ])
  })

  it('is told anew after other images were opened', async () => {
    const { store, gallery } = testApp()
    await store.getState().openImages(sourceOf('photos', folderOf(imagePaths(4))))
    await store.services.gallery.picture(1, 100, 'ignore')
    const others = folderOf(imagePaths(4))
    await store.getState().openImages(sourceOf('others', others))
    gallery.calls.length = 0
    await store.services.gallery.picture(1, 100, 'ignore')
    expect(gallery.calls[0]![1]).toEqual([[1, others[1]!.handle]])
    expect((gallery.calls[0]![1] as [number, Blob][])[0]![1]).toBe(others[1]!.handle)
  })
})
