import { createHash } from 'node:crypto'
import 'fake-indexeddb/auto'
import { IDBFactory, IDBObjectStore } from 'fake-indexeddb'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { appError, sentence } from '../../src/core/errors.ts'
import { everything } from '../../src/core/images/selection.ts'
import { scanOrder } from '../../src/core/scan/scanOrder.ts'
import type { CheckpointHead } from '../../src/state/checkpointStore.ts'
import type { Behaviour, TestApp } from '../fixtures/fakeWorkers.ts'
import { type FakeLocks, fakeLocks } from '../fixtures/fakeLocks.ts'

let locks: FakeLocks
/** Of the page, in milliseconds. */
let clock: number
let tabs: number

beforeEach(() => {
  vi.stubGlobal('indexedDB', new IDBFactory())
  locks = fakeLocks()
  clock = 0
  tabs = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

const link = {
  model: 'model.h5',
  images: 'index.tsv',
  sample: 'random:40',
  layers: ['first'],
  autorun: true,
}

/** However busy the machine is. */
function until<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: 30_000, interval: 10 })
}

interface Tab extends TestApp {
  readonly number: number
  /** Answers so many batches. */
  answer(batches?: number): Promise<void>
  /** All that wait, to the end where the scan is not held. */
  answerAll(): Promise<void>
  /** What the results file would hold. */
  saved(): Promise<string>
  heads(): Promise<CheckpointHead[]>
  /** Waits for a checkpoint that knows of so many images. */
  noted(done: number): Promise<CheckpointHead>
  texts(): string[]
  /** Looks for an unfinished scan of what is open. */
  find(): Promise<CheckpointHead | null>
}

interface Visit {
  readonly behaviour?: Behaviour
  readonly images?: number
  /** Content of the model's file. */
  readonly model?: string
  readonly paths?: readonly string[]
  /** Bytes of each picture, by path. */
  readonly bytes?: (path: string) => string
}

/** A page of its own: nothing but the browser's database and locks is shared with those before. */
async function visit(more: Visit = {}): Promise<Tab> {
  const number = tabs++
  vi.stubGlobal('navigator', { locks: locks.of(number) })
  vi.resetModules()
  const { testApp, folderOf, imagePaths, sourceOf, settled } = await import('../fixtures/fakeWorkers.ts')
  const { exportResults } = await import('../../src/state/exportResults.ts')
  const { listCheckpoints } = await import('../../src/state/checkpointStore.ts')
  const { resumableOf } = await import('../../src/state/unfinished.ts')
  const gates: (() => void)[] = []
  const app = testApp(
    {
      ...more.behaviour,
      scanBatch: async (engine, items) => {
        await more.behaviour?.scanBatch?.(engine, items)
        await new Promise<void>((resolve) => gates.push(resolve))
      },
    },
    2,
  )
  // Real digests, to tell models and images apart.
  const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
  Object.assign(app.gallery.remote, {
    digestFile: async (file: Blob) => digest(await file.text()),
    digestLines: (lines: readonly string[]) => Promise.resolve(digest(lines.join('\n'))),
  })
  const { getState } = app.store
  const paths = more.paths ?? imagePaths(more.images ?? 320)
  const content = more.bytes ?? ((path: string) => path)
  await getState().openModel([new File([more.model ?? 'weights'], 'animals.h5')])
  const folder = folderOf(paths).map(({ path }) => ({ path, handle: new Blob([content(path)]) }))
  await getState().openImages(sourceOf('photos', folder))
  const heads = (): Promise<CheckpointHead[]> => listCheckpoints()
  return {
    ...app,
    number,
    async answer(batches = 1) {
      for (let i = 0; i < batches; i++) {
        await until(() => expect(gates.length).toBeGreaterThan(0))
        gates.shift()!()
        await settled()
      }
    },
    async answerAll() {
      while (gates.length > 0 || getState().scan.status === 'running') {
        gates.shift()?.()
        await settled()
      }
    },
    saved: async () => (await exportResults(getState(), app.store.services))!.blob.text(),
    heads,
    async noted(done) {
      return until(async () => {
        const head = (await heads()).find((one) => one.done === done)
        expect(head, `${done} of ${(await heads()).map((one) => one.done).join()}`).toBeDefined()
        return head!
      })
    },
    texts: () => getState().notices.map(({ text }) => text),
    async find() {
      await getState().findScan()
      return resumableOf(getState())?.head ?? null
    },
  }
}

/** A scan of 190 images that was paused after two batches, in a tab that has crashed. */
async function interrupted(more: Visit = {}, layers = ['first', 'second']): Promise<CheckpointHead> {
  const tab = await visit({ images: 190, ...more })
  void tab.store.getState().run(layers)
  await tab.answer(2)
  tab.store.getState().pause()
  await tab.answerAll()
  const head = await tab.noted(144)
  locks.close(tab.number)
  return head
}

/** The same without any disturbance. */
async function undisturbed(more: Visit = {}, layers = ['first', 'second']): Promise<string> {
  const tab = await visit({ images: 190, ...more })
  const done = tab.store.getState().run(layers)
  await tab.answer()
  await tab.answerAll()
  await done
  const saved = await tab.saved()
  locks.close(tab.number)
  return saved
}

describe('a scan whose tab has crashed', () => {
  it('goes on in the next visit where it was, and ends as if nothing had happened', async () => {
    const behaviour: Behaviour = {
      skip: (image) => (image % 40 === 3 ? `image ${image} is cut off` : undefined),
      makesNan: (image) => image % 50 === 7,
    }
    const expected = await undisturbed({ behaviour })
    await interrupted({ behaviour })
    const tab = await visit({ behaviour, images: 190 })
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
    // What was found is there at once.
    const through = [...scanOrder(Uint32Array.from({ length: 190 }, (_, image) => image))].slice(0, 144)
    const read = through.filter((image) => !behaviour.skip!(image))
    expect(store.getState().results.get('first')!.scanned).toBe(read.length)
    await tab.answer()
    await tab.answerAll()
    expect(await done).toBe(true)
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 190, total: 190 } })
    expect(tab.engines.all[0]!.batches.flat()).toHaveLength(46)
    expect(await tab.saved()).toBe(expected)
    await until(async () => expect(await tab.heads()).toEqual([]))
    expect(store.getState().unfinished).toEqual([])
  })

  it('goes on again and again', async () => {
    const expected = await undisturbed()
    await interrupted()
    for (const done of [160, 176]) {
      const tab = await visit({ images: 190 })
      await tab.find()
      void tab.store.getState().resumeScan()
      await tab.answer()
      tab.store.getState().stop()
      await tab.noted(done)
      locks.close(tab.number)
    }
    const last = await visit({ images: 190 })
    await last.find()
    const done = last.store.getState().resumeScan()
    await last.answer()
    await last.answerAll()
    await done
    expect(await last.saved()).toBe(expected)
  })

  it('that had nothing left but its end is done when it goes on', async () => {
    const expected = await undisturbed()
    const tab = await visit({ images: 190 })
    void tab.store.getState().run(['first', 'second'])
    await tab.answer(6)
    clock = 10_000
    await tab.answer()
    await tab.answerAll()
    // The tab ends between its last checkpoint and the end of the scan.
    const head = { ...(await interrupted()), done: 190 }
    const again = await visit({ images: 190 })
    const { writeCheckpoint } = await import('../../src/state/checkpointStore.ts')
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
    const { changedSettings } = await import('../../src/state/unfinished.ts')
    const first = await visit({ images: 190 })
    const { store: before } = first
    before.getState().setK(9)
    before.getState().setPreprocessing({ ...before.getState().preprocessing, scale: '-1..1' })
    before.getState().setSelection({ ...everything, classes: ['dog'] })
    void before.getState().run(['second'])
    await until(() => expect(before.getState().scan.status).toBe('running'))
    before.getState().pause()
    await first.answer()
    await first.noted(16)
    locks.close(first.number)
    const { store, find } = await visit({ images: 190 })
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
    const tab = await visit({ images: 190, ...other })
    expect(await tab.find()).toBeNull()
    expect(tab.store.getState().unfinished).toHaveLength(1)
    expect(await tab.store.getState().resumeScan()).toBe(false)
  })

  it('is not offered where the pictures have changed, which is said', async () => {
    const { images } = await interrupted()
    // One of those that have been through.
    const changed = `cat/${String(images.sizes[0]![0]).padStart(4, '0')}.png`
    const tab = await visit({ images: 190, bytes: (path) => (path === changed ? 'x' : path) })
    expect(await tab.find()).toBeNull()
    expect(tab.texts()).toEqual([sentence('scan/images-changed', { image: changed })])
  })

  it('can be discarded', async () => {
    const { id } = await interrupted()
    const tab = await visit({ images: 190 })
    await tab.find()
    await tab.store.getState().discardScan(id)
    expect(tab.store.getState()).toMatchObject({ unfinished: [], resumable: null })
    expect(await tab.heads()).toEqual([])
    expect(await (await visit({ images: 190 })).find()).toBeNull()
  })

  it('is dropped when another one of the same model and images begins', async () => {
    await interrupted()
    await interrupted({ images: 20, model: 'others' }).catch(() => undefined)
    const tab = await visit({ images: 190 })
    expect(await tab.find()).not.toBeNull()
    const done = tab.store.getState().run(['second'])
    await tab.answer()
    await tab.answerAll()
    await done
    await until(() => expect(tab.store.getState().resumable).toBeNull())
    expect(await tab.heads()).toEqual([])
  })

  it('because its graphics card is lost can go on with WASM', async () => {
    const expected = await undisturbed()
    const onWasm = new Set<number>()
    let batches = 0
    const tab = await visit({
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
    const tab = await visit({ images: 190 })
    await tab.find()
    const { database } = await import('../../src/state/checkpointStore.ts')
    await (await database()).clear('parts')
    expect(await tab.store.getState().resumeScan()).toBe(false)
    expect(tab.texts()).toEqual([sentence('scan/checkpoint-unreadable', { reason: 'it has gone' })])
    expect(tab.store.getState().scan.status).toBe('idle')
  })
})

it('a link that runs by itself goes on with its unfinished scan, and then with what follows', async () => {
  const page = 'https://host.example/app/'
  const { imagePaths } = await import('../fixtures/fakeWorkers.ts')
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
  const first = await visit()
  void first.store.getState().openProject('p.json')
  await until(() => expect(first.store.getState().scan.status).toBe('running'))
  first.store.getState().pause()
  await first.answer()
  await first.noted(16)
  locks.close(first.number)

  const tab = await visit()
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
    const first = await visit({ images: 190 })
    void first.store.getState().run(['first'])
    await first.answer()
    first.store.getState().pause()
    await first.answerAll()
    await first.noted(112)
    const second = await visit({ images: 190 })
    expect(await second.find()).toBeNull()
    expect(second.store.getState().unfinished).toEqual([])
    // A scan of its own leaves the other's checkpoint alone.
    const done = second.store.getState().run(['second'])
    await second.answer()
    await second.answerAll()
    await done
    expect(await second.heads()).toHaveLength(1)
    locks.close(first.number)
    expect(await (await visit({ images: 190 })).find()).not.toBeNull()
  })

  it('may offer the same one; the second to ask is told', async () => {
    await interrupted()
    const [one, other] = [await visit({ images: 190 }), await visit({ images: 190 })]
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
    const tab = await visit({ images: 1000 })
    void tab.store.getState().run(['first'])
    await tab.answer(3)
    expect(await tab.heads()).toEqual([])
    clock = 3000
    await tab.answer()
    await tab.noted(112)
    clock = 5999
    await tab.answer()
    clock = 6000
    await tab.answer()
    await tab.noted(176)
    // Writing it takes a second: the next one comes after fifty.
    const original = IDBObjectStore.prototype.put
    const slow = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function slowly(
      this: IDBObjectStore,
      ...parts
    ) {
      clock += 1000 / 3
      return original.apply(this, parts)
    })
    clock = 9000
    await tab.answer()
    await tab.noted(208)
    slow.mockRestore()
    clock = 59_999
    await tab.answer()
    clock = 60_001
    await tab.answer()
    await tab.noted(272)
    expect(await tab.heads()).toHaveLength(1)
  })

  it('of large results is not written sooner than its share of time allows, the first one neither', async () => {
    const tab = await visit({ images: 1000 })
    void tab.store.getState().run(['first'])
    await tab.answer(2)
    // A second of the page's time: 2 % of fifty.
    Object.defineProperty(tab.store.getState().results.get('first')!, 'bytes', { value: 1e8 })
    clock = 49_999
    await tab.answer()
    expect(await tab.heads()).toEqual([])
    clock = 50_001
    await tab.answer()
    await tab.noted(112)
  })

  it('of another version of the app means nothing, and is in nobody’s way', async () => {
    const opened = indexedDB.open('urpatch-scans', 1)
    await new Promise<void>((resolve) => {
      opened.addEventListener('upgradeneeded', () => {
        opened.result.createObjectStore('heads', { keyPath: 'id' }).put({ id: 'old', layers: ['first'] })
        opened.result.createObjectStore('parts').put({ whatever: 1 }, ['old', 0])
      })
      opened.addEventListener('success', () => resolve())
    })
    // A tab that has it open lets it go.
    opened.result.addEventListener('versionchange', () => opened.result.close())
    const tab = await visit({ images: 190 })
    expect(await tab.find()).toBeNull()
    expect(await tab.heads()).toEqual([])
    void tab.store.getState().run(['first'])
    await tab.answer(2)
    tab.store.getState().pause()
    await tab.answerAll()
    await tab.noted(144)
  })

  it('is gone when the scan is done; one that was stopped stays', async () => {
    const tab = await visit({ images: 190 })
    const done = tab.store.getState().run(['first'])
    await tab.answer(2)
    tab.store.getState().stop()
    await done
    await tab.noted(48)
    // What was under way is nobody's any more.
    await tab.answerAll()
    const rest = tab.store.getState().runRest('first')
    await until(() => expect(tab.store.getState().scan.status).toBe('running'))
    clock = 4000
    await tab.answer()
    await tab.noted(64)
    await tab.answerAll()
    await rest
    expect(tab.store.getState().scan.status).toBe('done')
    await until(async () => expect(await tab.heads()).toEqual([]))
  })

  it('of results that were forgotten is there for others', async () => {
    const tab = await visit({ images: 190 })
    void tab.store.getState().run(['first'])
    await tab.answer()
    tab.store.getState().pause()
    await tab.answerAll()
    await tab.noted(112)
    tab.store.getState().clearResults()
    expect(await tab.find()).toMatchObject({ done: 112, k: 16 })
  })

  it('keeps five, and none that is older than thirty days', async () => {
    const now = vi.spyOn(Date, 'now')
    const days = 24 * 3600e3
    for (let n = 0; n < 8; n++) {
      now.mockReturnValue(n * days)
      await interrupted({ model: `weights ${n}` })
    }
    const tab = await visit()
    await until(async () =>
      expect((await tab.heads()).map(({ time }) => time / days)).toEqual([7, 6, 5, 4, 3]),
    )
    now.mockReturnValue(36.5 * days)
    await interrupted({ model: 'last' })
    await until(async () => expect((await tab.heads()).map(({ time }) => time / days)).toEqual([36.5, 7]))
  })

  it('that cannot be written is told once, and the scan goes on', async () => {
    const tab = await visit({ images: 1000 })
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
      throw new DOMException('the disk is full', 'QuotaExceededError')
    })
    const done = tab.store.getState().run(['first'])
    for (clock = 4000; clock < 90_000; clock += 4000) await tab.answer()
    await tab.answerAll()
    await done
    expect(tab.store.getState().scan.status).toBe('done')
    expect(tab.texts().filter((text) => text.includes('disk'))).toEqual([
      sentence('scan/checkpoint-failed', { reason: 'the disk is full' }),
    ])
  })

  it('is nobody’s loss where there is no database', async () => {
    vi.stubGlobal('indexedDB', undefined)
    const tab = await visit({ images: 190 })
    await tab.store.getState().recallScans()
    expect(await tab.find()).toBeNull()
    const done = tab.store.getState().run(['first'])
    clock = 4000
    await tab.answer(3)
    await tab.answerAll()
    await done
    expect(tab.store.getState().scan.status).toBe('done')
    expect(tab.texts()).toEqual([])
  })
})
