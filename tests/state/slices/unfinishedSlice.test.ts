import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { openDB } from 'idb'
import { describe, expect, it, vi } from 'vitest'
import { appError, sentence } from '../../../src/core/errors.ts'
import { everything } from '../../../src/core/images/selection.ts'
import type { LayerSnapshot, UnversionedSnapshot } from '../../../src/core/scan/layerSnapshot.ts'
import { scanOrder } from '../../../src/core/scan/scanOrder.ts'
import type { CheckpointHead } from '../../../src/state/checkpoints/checkpointStore.ts'
import { savedOf } from '../../../src/state/selectors/saved.ts'
import type { Behaviour } from '../../fixtures/fakeWorkers.ts'
import { until, useBrowser, type Visit } from '../../fixtures/visits.ts'

const browser = useBrowser()

const link = {
  model: 'model.h5',
  images: 'index.tsv',
  sample: 'random:40',
  layers: ['first'],
  autorun: true,
}

/** A scan of 190 images that was paused after two batches, in a tab that has crashed. */
async function interrupted(more: Visit = {}, layers = ['first', 'second']): Promise<CheckpointHead> {
  const tab = await browser.visit({ images: 190, ...more })
  void tab.store.getState().run(layers)
  await tab.answer(2)
  tab.store.getState().pause()
  await tab.answerAll()
  const head = await tab.noted(144)
  browser.close(tab)
  return head
}

/** The results file of the same scan without any disturbance. */
async function undisturbed(more: Visit = {}, layers = ['first', 'second']): Promise<string> {
  const tab = await browser.visit({ images: 190, ...more })
  const done = tab.store.getState().run(layers)
  await tab.answer()
  await tab.answerAll()
  await done
  const saved = await tab.saved()
  await until(async () => expect(await tab.heads()).toHaveLength(1))
  browser.close(tab)
  // The test's tabs must not find this scan.
  browser.forgetAll()
  return saved
}

/** What is kept becomes what the app kept in version 4 of its database, before statistics had versions. */
async function turnBack(): Promise<void> {
  const newer = await openDB('urpatch-scans')
  const heads = (await newer.getAll('heads')) as CheckpointHead[]
  const keys = await newer.getAllKeys('parts')
  const parts = (await newer.getAll('parts')) as LayerSnapshot[]
  newer.close()
  browser.forgetAll()
  const older = await openDB('urpatch-scans', 4, {
    upgrade(db) {
      db.createObjectStore('heads', { keyPath: 'id' })
      db.createObjectStore('parts')
    },
  })
  for (const head of heads) await older.put('heads', head)
  for (const [i, key] of keys.entries())
    await older.put('parts', (key as [string, number])[1] === 0 ? parts[i] : unversioned(parts[i]!), key)
  older.close()
}

function unversioned({ statistics, ...others }: LayerSnapshot): UnversionedSnapshot {
  const sumsOf = <T>(id: string): T => statistics[id]!.sums as T
  const { images, units } = sumsOf<{ images: Uint32Array; units: Float64Array }>('activity')
  return {
    ...others,
    lowestK: sumsOf('lowest'),
    statistics: {
      moments: sumsOf('maxima'),
      histogram: sumsOf('histogram'),
      firingImages: images,
      firingUnits: units,
    },
    sample: sumsOf('quantiles'),
    classMeans: sumsOf('classes'),
  }
}

describe('a scan whose tab has crashed', () => {
  it('goes on from what was kept before statistics had versions', async () => {
    const expected = await undisturbed()
    const head = await interrupted()
    await turnBack()
    const tab = await browser.visit({ images: 190 })
    expect(await tab.find()).toEqual(head)
    const done = tab.store.getState().resumeScan()
    await tab.answer()
    await tab.answerAll()
    expect(await done).toBe(true)
    // Where maxima lie was not counted then, so it is not known of all images.
    expect(await tab.saved()).toBe(expected.replaceAll(/,"where":\[\[[\d,[\]]*\]\]/g, ''))
    expect((await indexedDB.databases())[0]!.version).toBeGreaterThan(4)
  })

  it('goes on in the next visit where it was, and ends as if nothing had happened', async () => {
    const behaviour: Behaviour = {
      skip: (image) => (image % 40 === 3 ? `image ${image} is cut off` : undefined),
      makesNan: (image) => image % 50 === 7,
    }
    const expected = await undisturbed({ behaviour })
    await interrupted({ behaviour })
    const tab = await browser.visit({ behaviour, images: 190 })
    const { store } = tab
    expect(await tab.find()).toMatchObject({
      model: { name: 'animals.h5', inputShape: [6, 5, 3] },
      images: { name: 'photos', count: 190 },
      layers: ['first', 'second'],
      done: 144,
      total: 190,
    })
    const done = store.getState().resumeScan()
    await until(() => expect(store.getState().scan.status).toBe('running'))
    expect(store.getState().scan).toMatchObject({ progress: { done: 144, total: 190 } })
    // The results so far are there at once.
    const through = [...scanOrder(Uint32Array.from({ length: 190 }, (_, image) => image))].slice(0, 144)
    const read = through.filter((image) => !behaviour.skip!(image))
    expect(store.getState().results.get('first')!.scanned).toBe(read.length)
    await tab.answer()
    await tab.answerAll()
    expect(await done).toBe(true)
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 190, total: 190 } })
    expect(tab.engines.all[0]!.batches.flat()).toHaveLength(46)
    expect(await tab.saved()).toBe(expected)
    await until(async () => expect(await tab.heads()).toMatchObject([{ status: 'done', done: 190 }]))
    expect(store.getState().unfinished).toEqual([])
  })

  it('goes on again and again', async () => {
    const expected = await undisturbed()
    await interrupted()
    for (const done of [160, 176]) {
      const tab = await browser.visit({ images: 190 })
      await tab.find()
      void tab.store.getState().resumeScan()
      await until(() => expect(tab.store.getState().scan.status).toBe('running'))
      browser.clock += 4000
      await tab.answer()
      await tab.noted(done)
      browser.close(tab)
    }
    const last = await browser.visit({ images: 190 })
    await last.find()
    const done = last.store.getState().resumeScan()
    await last.answer()
    await last.answerAll()
    await done
    expect(await last.saved()).toBe(expected)
  })

  it('that had nothing left but its end is done when it goes on', async () => {
    const expected = await undisturbed()
    const tab = await browser.visit({ images: 190 })
    void tab.store.getState().run(['first', 'second'])
    await tab.answer(6)
    browser.clock = 10_000
    await tab.answer()
    await tab.answerAll()
    // The tab crashes between its last checkpoint and the end of the scan.
    const head = { ...(await interrupted()), done: 190 }
    const again = await browser.visit({ images: 190 })
    const { writeCheckpoint } = await import('../../../src/state/checkpoints/checkpointStore.ts')
    const mask = new Uint32Array(6).fill(0xffffffff)
    mask[5] = 2 ** 30 - 1
    const { results } = tab.store.getState()
    await writeCheckpoint(
      head,
      { mask, skipped: [] },
      head.layers.map((name) => () => results.get(name)!.snapshot()),
    )
    await again.find()
    expect(await again.store.getState().resumeScan()).toBe(true)
    expect(again.store.getState().scan).toMatchObject({ status: 'done', progress: { done: 190 } })
    expect(await again.saved()).toBe(expected)
  })

  it('takes its settings along, and says which differ', async () => {
    const { changedSettings } = await import('../../../src/state/checkpoints/sameScan.ts')
    const first = await browser.visit({ images: 190 })
    const { store: before } = first
    before.getState().setK(9)
    before.getState().setPreprocessing({ ...before.getState().preprocessing, scale: '-1..1' })
    before.getState().setSelection({ ...everything, classes: ['dog'] })
    void before.getState().run(['second'])
    await until(() => expect(before.getState().scan.status).toBe('running'))
    before.getState().pause()
    await first.answer()
    await first.noted(16)
    browser.close(first)
    const { store, find } = await browser.visit({ images: 190 })
    const head = await find()
    expect(changedSettings(store.getState(), head!)).toEqual([
      'preprocessing',
      'patches per channel',
      'choice of images',
    ])
    void store.getState().resumeScan()
    await until(() => expect(store.getState().scan.status).toBe('running'))
    const { k, preprocessing, selection, layer } = store.getState()
    expect({ k, preprocessing, selection, layer }).toMatchObject({
      k: 9,
      preprocessing: { scale: '-1..1' },
      selection: { classes: ['dog'] },
      layer: 'second',
    })
    expect(changedSettings(store.getState(), head!)).toEqual([])
  })

  it.each([
    ['of another model', { model: 'other weights' }],
    ['of other images', { images: 191 }],
    ['of images in other classes', { paths: [...Array(190).keys()].map((n) => `class/${n}.png`) }],
  ])('is not offered where what is open is %s', async (_, other: Visit) => {
    await interrupted()
    const tab = await browser.visit({ images: 190, ...other })
    expect(await tab.find()).toBeNull()
    expect(tab.store.getState().unfinished).toHaveLength(1)
    expect(await tab.store.getState().resumeScan()).toBe(false)
  })

  it('is not offered where the pictures have changed, which is said', async () => {
    const { images } = await interrupted()
    // This image has already been scanned.
    const changed = `cat/${String(images.sizes[0]![0]).padStart(4, '0')}.png`
    const tab = await browser.visit({ images: 190, bytes: (path) => (path === changed ? 'x' : path) })
    expect(await tab.find()).toBeNull()
    expect(tab.texts()).toEqual([sentence('scan/images-changed', { image: changed })])
  })

  it('can be discarded', async () => {
    const { id } = await interrupted()
    const tab = await browser.visit({ images: 190 })
    await tab.find()
    await tab.store.getState().discardScan(id)
    expect(tab.store.getState()).toMatchObject({ unfinished: [], resumable: null })
    expect(await tab.heads()).toEqual([])
    expect(await (await browser.visit({ images: 190 })).find()).toBeNull()
  })

  it('stays beside another one of the same model and images, and is dropped when that has found all of it', async () => {
    await interrupted()
    const tab = await browser.visit({ images: 190 })
    const { store } = tab
    expect(await tab.find()).not.toBeNull()
    const second = store.getState().run(['second'])
    await tab.answer()
    await tab.answerAll()
    await second
    await until(async () => expect(await tab.heads()).toHaveLength(2))
    expect(store.getState().resumable).not.toBeNull()
    const both = store.getState().runAnew(['first', 'second'])
    await tab.answer()
    await tab.answerAll()
    await both
    await until(() => expect(store.getState().resumable).toBeNull())
    await until(async () => expect(await tab.heads()).toHaveLength(2))
  })

  it('because its graphics card is lost can go on with WASM', async () => {
    const expected = await undisturbed()
    const onWasm = new Set<number>()
    let batches = 0
    const tab = await browser.visit({
      images: 190,
      behaviour: {
        start(engine, choice) {
          if (choice === 'wasm') onWasm.add(engine)
        },
        scanBatch(engine) {
          if (!onWasm.has(engine) && ++batches > 2)
            throw appError('backend/lost', { backend: 'webgl', reason: 'the context was lost' })
        },
      },
    })
    const done = tab.store.getState().run(['first', 'second'])
    await tab.answer()
    await done
    expect(tab.store.getState().scan.status).toBe('failed')
    expect(tab.texts().at(-1)).toMatch(/or choose the WASM backend/)
    await tab.noted(16)
    await tab.store.getState().setBackend('wasm')
    expect(tab.store.getState().results.size).toBe(0)
    expect(await tab.find()).toMatchObject({ done: 16, total: 190 })
    const resumed = tab.store.getState().resumeScan()
    await tab.answer()
    await tab.answerAll()
    await resumed
    expect(await tab.saved()).toBe(expected)
  })

  it('that cannot be read is told, and stays', async () => {
    await interrupted()
    const tab = await browser.visit({ images: 190 })
    await tab.find()
    const { database } = await import('../../../src/state/checkpoints/checkpointStore.ts')
    await (await database.open()).clear('parts')
    expect(await tab.store.getState().resumeScan()).toBe(false)
    expect(tab.texts()).toEqual([sentence('scan/checkpoint-unreadable', { reason: 'it has gone' })])
    expect(tab.store.getState().scan.status).toBe('idle')
  })
})

it('a link that runs by itself goes on with its unfinished scan, and then with what follows', async () => {
  const page = 'https://host.example/app/'
  const { imagePaths } = await import('../../fixtures/fakeWorkers.ts')
  const served = new Map([
    ['p.json', JSON.stringify({ ...link, afterwards: 'rest' })],
    ['model.h5', 'weights'],
    [
      'index.tsv',
      imagePaths(190)
        .map((path) => path.replace('/', '\t'))
        .join('\n'),
    ],
  ])
  vi.stubGlobal('document', { baseURI: page })
  vi.stubGlobal('location', new URL(page))
  vi.stubGlobal('fetch', (url: URL) => Promise.resolve(new Response(served.get(url.href.slice(page.length)))))
  const first = await browser.visit()
  void first.store.getState().openProject('p.json')
  await until(() => expect(first.store.getState().scan.status).toBe('running'))
  first.store.getState().pause()
  await first.answer()
  await first.noted(16)
  browser.close(first)

  const tab = await browser.visit()
  const opened = tab.store.getState().openProject('p.json')
  await until(() => expect(tab.store.getState().scan.status).toBe('running'))
  expect(tab.store.getState().scan).toMatchObject({ progress: { done: 16, total: 40 } })
  await tab.answer(2)
  await until(() => expect(tab.store.getState().scan).toMatchObject({ progress: { total: 190 } }))
  await tab.answerAll()
  await opened
  expect(tab.store.getState().scan).toMatchObject({ status: 'done', progress: { done: 190, total: 190 } })
  expect(tab.engines.all.flatMap(({ batches }) => batches.flat())).toHaveLength(174)
})

describe('two tabs', () => {
  it('do not take each other’s scans: none is offered while its tab lives', async () => {
    const first = await browser.visit({ images: 190 })
    void first.store.getState().run(['first'])
    await first.answer()
    first.store.getState().pause()
    await first.answerAll()
    await first.noted(112)
    const second = await browser.visit({ images: 190 })
    expect(await second.find()).toBeNull()
    expect(second.store.getState().unfinished).toEqual([])
    // Another scan leaves this checkpoint alone.
    const done = second.store.getState().run(['second'])
    await second.answer()
    await second.answerAll()
    await done
    await until(async () => expect(await second.heads()).toHaveLength(2))
    browser.close(first)
    expect(await (await browser.visit({ images: 190 })).find()).not.toBeNull()
  })

  it('may offer the same one; the second to ask is told', async () => {
    await interrupted()
    const [one, other] = [await browser.visit({ images: 190 }), await browser.visit({ images: 190 })]
    await one.find()
    await other.find()
    void one.store.getState().resumeScan()
    await until(() => expect(one.store.getState().scan.status).toBe('running'))
    expect(await other.store.getState().resumeScan()).toBe(false)
    expect(other.texts()).toEqual([sentence('scan/resumed-elsewhere')])
    expect(other.store.getState().unfinished).toEqual([])
  })
})

describe('a checkpoint', () => {
  it('is written after three seconds, and then so that little time goes into it', async () => {
    const tab = await browser.visit({ images: 1000 })
    void tab.store.getState().run(['first'])
    await tab.answer(3)
    expect(await tab.heads()).toEqual([])
    browser.clock = 3000
    await tab.answer()
    await tab.noted(112)
    browser.clock = 5999
    await tab.answer()
    browser.clock = 6000
    await tab.answer()
    await tab.noted(176)
    // Writing the checkpoint takes a second, so the next one comes after fifty.
    const original = IDBObjectStore.prototype.put
    const slow = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function slowly(
      this: IDBObjectStore,
      ...parts
    ) {
      browser.clock += 1000 / 3
      return original.apply(this, parts)
    })
    browser.clock = 9000
    await tab.answer()
    await tab.noted(208)
    slow.mockRestore()
    browser.clock = 59_999
    await tab.answer()
    browser.clock = 60_001
    await tab.answer()
    await tab.noted(272)
    expect(await tab.heads()).toHaveLength(1)
  })

  it('of large results is not written sooner than its share of time allows, the first one neither', async () => {
    const tab = await browser.visit({ images: 1000 })
    void tab.store.getState().run(['first'])
    await tab.answer(2)
    // Writing it would take a second of the page's time, which is 2 % of fifty.
    Object.defineProperty(tab.store.getState().results.get('first')!, 'bytes', { value: 1e8 })
    browser.clock = 49_999
    await tab.answer()
    expect(await tab.heads()).toEqual([])
    browser.clock = 50_001
    await tab.answer()
    await tab.noted(112)
  })

  it('of another version of the app means nothing, and does not disturb', async () => {
    const opened = indexedDB.open('urpatch-scans', 1)
    await new Promise<void>((resolve) => {
      opened.addEventListener('upgradeneeded', () => {
        opened.result.createObjectStore('heads', { keyPath: 'id' }).put({ id: 'old', layers: ['first'] })
        opened.result.createObjectStore('parts').put({ whatever: 1 }, ['old', 0])
      })
      opened.addEventListener('success', () => resolve())
    })
    // The older tab closes its connection to the database.
    opened.result.addEventListener('versionchange', () => opened.result.close())
    const tab = await browser.visit({ images: 190 })
    expect(await tab.find()).toBeNull()
    expect(await tab.heads()).toEqual([])
    void tab.store.getState().run(['first'])
    await tab.answer(2)
    tab.store.getState().pause()
    await tab.answerAll()
    await tab.noted(144)
  })

  it('says whether the scan was stopped, goes on, or is done', async () => {
    const tab = await browser.visit({ images: 190 })
    const done = tab.store.getState().run(['first'])
    await tab.answer(2)
    tab.store.getState().stop()
    await done
    expect(await tab.noted(48)).toMatchObject({ status: 'stopped' })
    // The answers of batches that were being scanned do not count any more.
    await tab.answerAll()
    const rest = tab.store.getState().runRest('first')
    await until(() => expect(tab.store.getState().scan.status).toBe('running'))
    browser.clock = 4000
    await tab.answer()
    expect(await tab.noted(64)).toMatchObject({ status: 'unfinished' })
    await tab.answerAll()
    await rest
    expect(tab.store.getState().scan.status).toBe('done')
    await until(async () => expect(await tab.heads()).toMatchObject([{ status: 'done', done: 190 }]))
  })

  it('that cannot be written is told once, and the scan goes on', async () => {
    const tab = await browser.visit({ images: 1000 })
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('', 'QuotaExceededError')
    })
    const done = tab.store.getState().run(['first'])
    for (browser.clock = 4000; browser.clock < 90_000; browser.clock += 4000) await tab.answer()
    await tab.answerAll()
    await done
    expect(tab.store.getState().scan.status).toBe('done')
    expect(tab.texts().filter((text) => text.includes('no room'))).toEqual([
      sentence('scan/checkpoint-failed', { reason: 'there is no room left for this page' }),
    ])
  })

  it('is not kept if there is no database, which does no harm', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const tab = await browser.visit({ images: 190 })
    await tab.store.getState().recallScans()
    expect(await tab.find()).toBeNull()
    const done = tab.store.getState().run(['first'])
    browser.clock = 4000
    await tab.answer(3)
    await tab.answerAll()
    await done
    expect(tab.store.getState().scan.status).toBe('done')
    expect(tab.texts()).toEqual([])
  })
  it('is not kept where the page may store nothing, which is told in one sentence', async () => {
    vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('The operation is insecure.', 'SecurityError')
    })
    const tab = await browser.visit({ images: 190 })
    const done = tab.store.getState().run(['first'])
    browser.clock = 4000
    await tab.answer(3)
    await tab.answerAll()
    await done
    expect(tab.store.getState().scan.status).toBe('done')
    await until(() =>
      expect(tab.texts()).toEqual([
        'The browser cannot store what this scan finds (cookies and site data are blocked for this page; allow them for the next visit). The scan goes on, but its results are gone when the page is closed: export them.',
      ]),
    )
  })

  it('of a pause is said to be saved once it is there, and not after the scan has gone on', async () => {
    const tab = await browser.visit({ images: 190 })
    const { run, pause, resume } = tab.store.getState()
    const done = run(['first'])
    await tab.answer(1)
    pause()
    await until(() => expect(tab.store.getState().saved.size).toBe(1))
    // Parts of it are still under way.
    const begun = tab.store.getState().coverage.get('first')!.images.count
    expect(begun).toBeGreaterThan(0)
    await tab.answerAll()
    await until(() => expect(savedOf(tab.store.getState())).toBe('saved'))
    expect(tab.store.getState().coverage.get('first')!.images.count).toBeGreaterThan(begun)
    resume()
    expect(savedOf(tab.store.getState())).toBeNull()
    await tab.answerAll()
    await done
  })
})
