import { afterEach, describe, expect, it, vi } from 'vitest'
import { appError, clause, clauseError, sentence } from '../../../src/core/errors.ts'
import { framing } from '../../../src/core/preprocessing/fit.ts'
import { everything } from '../../../src/core/images/selection.ts'
import type { ResultsFile } from '../../../src/core/results/resultsFile.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { scanOrder } from '../../../src/core/scan/scanOrder.ts'
import type { SmallPicture } from '../../../src/engine/images/smallPicture.ts'
import type { FigureRequest } from '../../../src/engine/gallery.ts'
import { exportResults } from '../../../src/state/exports/exportResults.ts'
import { patchesOf } from '../../../src/state/mosaic/patches.ts'
import type { Planner } from '../../../src/state/appState.ts'
import { imagesLeft, planScan } from '../../../src/state/scan/scanPlan.ts'
import type { AppStore } from '../../../src/state/store.ts'
import {
  channels,
  deferred,
  expectedTop,
  folderOf,
  sourceOf,
  imagePaths,
  modelFile,
  readyApp,
  settled,
  testApp,
} from '../../fixtures/fakeWorkers.ts'
import { gatedBatches } from '../../fixtures/gatedBatches.ts'
import { savedFigure } from '../../fixtures/savedFigure.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const all = (count: number): number[] => [...Array(count).keys()]
/** The images in the order of a scan. */
const shuffled = (count: number): number[] => [...scanOrder(Uint32Array.from(all(count)))]

/** The indices of the layers in the test's network. */
const layerNumber = { first: 1, second: 2 }

function tops(store: AppStore, layer: string) {
  const { k, results } = store.getState()
  return Array.from({ length: channels }, (_, channel) => results.get(layer)!.top(channel, k))
}

function expectedTops(layer: keyof typeof layerNumber, images: readonly number[], k = 16) {
  return Array.from({ length: channels }, (_, channel) => expectedTop(layerNumber[layer], images, channel, k))
}

function texts(store: AppStore): string[] {
  return store.getState().notices.map(({ text }) => text)
}

async function savedText({ getState, services }: AppStore): Promise<string> {
  return (await exportResults(getState(), services))!.blob.text()
}

/** Lets batches be answered until the scan ends; now and then there is none for a moment. */
async function answeredUntil(
  done: Promise<unknown>,
  answer: () => Promise<void>,
  waiting: () => number,
): Promise<void> {
  const scan = { over: false }
  void done.finally(() => (scan.over = true))
  while (!scan.over) await (waiting() > 0 ? answer() : settled())
}

describe('a scan', () => {
  it('of the shown layer finds what looking at everything finds', async () => {
    const { store, engines } = await readyApp({}, 100)
    await store.getState().run()
    expect([...store.getState().results.keys()]).toEqual(['first'])
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(100)))
    const { scan, results } = store.getState()
    expect(scan).toMatchObject({ status: 'done', progress: { layers: ['first'], done: 100, total: 100 } })
    expect(results.get('first')!.scanned).toBe(100)
    expect(engines.all[0]!.batches.flat()).toEqual(shuffled(100))
    expect(engines.all[0]!.settings).toMatchObject({
      layers: [1],
      preprocessing: { resize: 'bilinear' },
    })
  })

  it('on several workers finds the same', async () => {
    const { store, engines } = await readyApp({ backend: 'wasm' }, 103, 3)
    await store.getState().run(['first'])
    expect(engines.all.every(({ batches }) => batches.length > 0)).toBe(true)
    expect(engines.all.flatMap(({ batches }) => batches.flat()).toSorted((a, b) => a - b)).toEqual(all(103))
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(103)))
  })

  it('of several layers finds each in one pass, in the order asked for', async () => {
    const { store, engines } = await readyApp({}, 40)
    store.getState().setScope(['second', 'first'])
    await store.getState().run()
    expect(engines.all[0]!.settings!.layers).toEqual([2, 1])
    expect(engines.all[0]!.batches.flat()).toEqual(shuffled(40))
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(40)))
    expect(tops(store, 'second')).toEqual(expectedTops('second', all(40)))
  })

  it('of another layer keeps the results there are; of the same layer it begins anew only if asked to', async () => {
    const { store } = await readyApp({}, 40)
    await store.getState().run(['first'])
    const before = store.getState().results.get('first')
    await store.getState().run(['second'])
    expect(store.getState().results.get('first')).toBe(before)
    await store.getState().run(['first'])
    expect(store.getState().results.get('first')).toBe(before)
    await store.getState().runAnew(['first'])
    expect(store.getState().results.get('first')).not.toBe(before)
    expect([...store.getState().results.keys()].toSorted()).toEqual(['first', 'second'])
  })

  it('drops the mosaics of its own layers, and keeps those of the others', async () => {
    const { store } = await readyApp({}, 40)
    await store.getState().run(['first'])
    const { mosaics } = store.services
    const keys = ['first/0/9', 'second/0/9']
    for (const key of keys)
      await mosaics.refresh(
        key,
        1,
        () => Promise.resolve({ close() {} } as unknown as ImageBitmap),
        () => true,
      )
    await store.getState().run(['second'])
    expect(keys.map((key) => mosaics.peek(key) !== null)).toEqual([true, false])
  })

  it('hands what it has decoded to the gallery, for the layer that is shown', async () => {
    const { store, gallery } = await readyApp({}, 40)
    store.getState().showLayer('first')
    await store.getState().run(['second', 'first'])
    const { model, results, preprocessing } = store.getState()
    const layout = { side: 4, patch: 10, gap: 1 }
    const ask = (layer: string, channel: number) => {
      const patches = patchesOf(model!, layer, results.get(layer)!, channel, 16)
      return store.services.gallery.mosaic(patches, framing([6, 5, 3], preprocessing), layout)
    }
    const before = gallery.calls.length
    await ask('first', 1)
    await ask('first', 2)
    const calls = gallery.calls.slice(before)
    expect(calls.map(([name]) => name)).toEqual(['addPictures', 'mosaic', 'addPictures', 'mosaic'])
    const handed = [0, 2].flatMap((i) => calls[i]![1] as SmallPicture[])
    const top = new Set(
      [1, 2].flatMap((channel) =>
        results
          .get('first')!
          .top(channel, 16)
          .map(({ image }) => image),
      ),
    )
    expect(handed.map(({ image }) => image).toSorted((a, b) => a - b)).toEqual(
      [...top].toSorted((a, b) => a - b),
    )
    for (const { image, data } of handed) expect(data[0]).toBe(image)
    // For a layer that is not shown, the gallery gets files instead of pictures.
    store.getState().showLayer('second')
    await store.getState().openImages(sourceOf('others', folderOf(imagePaths(40))))
    await store.getState().run(['first'])
    await store.services.gallery.picture(3, 100, 'ignore')
    expect(gallery.calls.slice(-2).map(([name]) => name)).toEqual(['addImages', 'picture'])
  })

  it('follows the order of the index, and scans no more than it names', async () => {
    const { store, engines } = await readyApp({}, 6)
    const index = { path: 'index.tsv', handle: new Blob(['dog\t0005.png\ncat\t0000.png\ndog\t0003.png\n']) }
    await store.getState().openImages(sourceOf('photos', [...folderOf(imagePaths(6)), index]))
    await store.getState().run()
    // Image numbers are the ranks of the three paths.
    expect(engines.all[0]!.batches.flat()).toEqual([2, 0, 1])
  })

  it('of the first so many takes those of the order of the images, whatever the order of the scan', async () => {
    const { store, engines } = await readyApp({}, 100)
    store.getState().setSelection({ ...everything, sample: { first: 30 } })
    await store.getState().run()
    const scanned = engines.all[0]!.batches.flat()
    expect(scanned).not.toEqual(all(30))
    expect(scanned.toSorted((a, b) => a - b)).toEqual(all(30))
  })

  it('finds the same to the last bit in whatever order it takes the images', async () => {
    const snapshots = []
    for (const shuffle of [true, false]) {
      const { store } = await readyApp({ makesNan: (image) => image % 50 === 7 }, 203)
      const { model, images } = store.getState()
      const plan = planScan(store.getState(), model!, images!.table, ['first'])
      const order = shuffle ? plan.order : plan.order.toSorted()
      expect(String(order) === String(all(203))).toBe(!shuffle)
      await store.getState().runPlanned(['first'], () => ({ ...plan, order }))
      snapshots.push(store.getState().results.get('first')!.snapshot())
    }
    expect(snapshots[0]).toEqual(snapshots[1])
  })

  it('never gives an engine a batch that is larger than it was told', async () => {
    for (const count of [1, 9, 64, 203]) {
      const { store, engines } = await readyApp({ backend: 'wasm' }, count, 2)
      await store.getState().run()
      for (const { batches, settings } of engines.all)
        for (const batch of batches) expect(batch.length).toBeLessThanOrEqual(settings!.maxPassSize)
      expect(engines.all.flatMap(({ batches }) => batches.flat())).toHaveLength(count)
    }
  })

  it('raises the revision with what it finds, and reports the bytes that are taken', async () => {
    const { store } = await readyApp({}, 100)
    const { revision } = store.getState()
    await store.getState().run()
    expect(store.getState().revision).toBeGreaterThan(revision + 1)
    expect(store.getState().peakBytes).toBe(1000 + store.getState().results.get('first')!.bytes)
  })

  it('lists images that cannot be read, and goes on', async () => {
    const { store } = await readyApp(
      { skip: (image) => (image % 10 === 3 ? `image ${image} is cut off` : undefined) },
      50,
    )
    await store.getState().run()
    const good = all(50).filter((image) => image % 10 !== 3)
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 50, total: 50 } })
    expect([...store.getState().skipped].toSorted(([a], [b]) => a - b)).toEqual(
      [3, 13, 23, 33, 43].map((n) => [n, `image ${n} is cut off`]),
    )
    expect(tops(store, 'first')).toEqual(expectedTops('first', good))
    expect(store.getState().results.get('first')!.scanned).toBe(45)
    expect(texts(store)).toEqual([])
  })

  it('says so where no image could be read', async () => {
    const { store } = await readyApp({ skip: () => 'cut off' }, 5)
    await store.getState().run()
    expect(texts(store)).toEqual([
      expect.stringMatching(/^None of the 5 images could be read\. (cat|dog)\/000\d\.png: cut off\.$/),
    ])
  })

  it('says which layers made NaN', async () => {
    const { store } = await readyApp({ makesNan: (image) => image === 7 }, 40)
    await store.getState().run(['second'])
    expect(texts(store)).toEqual([
      'NaN came out of second. Such units are left out; check the model and the preprocessing.',
    ])
  })

  it('says which layers made NaN where it was stopped, too', async () => {
    const [first] = shuffled(320)
    const { behaviour, answer } = gatedBatches({ makesNan: (image) => image === first })
    const { store } = await readyApp(behaviour, 320)
    const done = store.getState().run(['second'])
    await settled()
    await answer()
    store.getState().stop()
    await done
    expect(texts(store)).toEqual([
      'NaN came out of second. Such units are left out; check the model and the preprocessing.',
    ])
  })

  it('says nothing of NaN where it was stopped before, or the results are forgotten', async () => {
    const late = shuffled(320)[39]
    for (const end of ['stop', 'clearResults'] as const) {
      const { behaviour, answer } = gatedBatches({ makesNan: (image) => image === late })
      const { store } = await readyApp(behaviour, 320)
      const done = store.getState().run(['second'])
      await settled()
      await answer()
      if (end === 'clearResults') await answer()
      store.getState()[end]()
      await done
      expect(texts(store), end).toEqual([])
    }
  })

  it('of a layer that is not there says which there are', async () => {
    const { store, engines } = await readyApp()
    await store.getState().run(['conv_99'])
    expect(texts(store)).toEqual([
      sentence('model/unknown-layer', { layer: 'conv_99', known: 'first, second' }),
    ])
    await store.getState().run(['flat'])
    expect(texts(store)).toHaveLength(2)
    expect(engines.all).toHaveLength(1)
    expect(engines.all[0]!.batches).toEqual([])
    expect(store.getState().scan).toEqual({ status: 'idle' })
  })

  it('of a layer that is not there leaves the scan before as it was', async () => {
    const { store, engines } = await readyApp({}, 40)
    await store.getState().run(['first'])
    const { scan, results } = store.getState()
    expect(scan.status).toBe('done')
    await store.getState().run(['conv_99'])
    expect(store.getState().scan).toBe(scan)
    expect(store.getState().results).toBe(results)
    await store.getState().run(['second'])
    expect(store.getState().scan.status).toBe('done')
    expect(engines.all).toHaveLength(1)
  })

  it('without a model or images does nothing', async () => {
    const { store } = testApp()
    await store.getState().run()
    await store.getState().openModel([modelFile()])
    await store.getState().run()
    expect(store.getState().scan).toEqual({ status: 'idle' })
  })
})

describe('pause and resume', () => {
  it('hold the scan and let it go on', async () => {
    const { behaviour, answer, waiting } = gatedBatches()
    const { store } = await readyApp(behaviour, 320)
    const done = store.getState().run()
    await settled()
    expect(store.getState().scan.status).toBe('running')
    await answer()
    expect(waiting()).toBe(3)
    store.getState().pause()
    expect(store.getState().scan.status).toBe('paused')
    while (waiting() > 0) await answer()
    expect(store.getState().results.get('first')!.scanned).toBe(16 + 3 * 32)
    expect(store.getState().scan.status).toBe('paused')
    store.getState().resume()
    expect(store.getState().scan.status).toBe('running')
    await answeredUntil(done, answer, waiting)
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 320 } })
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(320)))
  })

  it('show the numbers of all that has come in, soon after an update too', async () => {
    // From the first report on no time passes.
    vi.spyOn(performance, 'now').mockReturnValue(10_000)
    const { behaviour, answer, waiting } = gatedBatches()
    const { store } = await readyApp(behaviour, 320)
    const done = store.getState().run()
    await settled()
    await answer()
    store.getState().pause()
    const { revision } = store.getState()
    while (waiting() > 0) await answer()
    const scanned = 16 + 3 * 32
    expect(store.getState().scan).toMatchObject({ status: 'paused', progress: { done: scanned } })
    expect(store.getState().revision).toBeGreaterThan(revision)
    store.getState().stop()
    await done
  })

  it('leave the pause out of the seconds', async () => {
    const now = vi.spyOn(performance, 'now')
    const { behaviour, answer, waiting } = gatedBatches()
    const { store } = await readyApp(behaviour, 64)
    now.mockReturnValue(10_000)
    const done = store.getState().run()
    await settled()
    now.mockReturnValue(12_000)
    await answer()
    store.getState().pause()
    now.mockReturnValue(70_000)
    store.getState().resume()
    now.mockReturnValue(71_500)
    while (waiting() > 0) await answer()
    await done
    expect(store.getState().scan).toMatchObject({ status: 'done', seconds: 3.5 })
  })

  it('hold a scan that is still being prepared', async () => {
    const gate = deferred()
    const { store, engines } = await readyApp({ beginScan: () => gate.promise }, 50)
    const done = store.getState().run()
    expect(store.getState().scan.status).toBe('idle')
    await settled()
    expect(store.getState().scan.status).toBe('preparing')
    store.getState().pause()
    gate.resolve()
    await settled()
    expect(store.getState().scan.status).toBe('paused')
    expect(engines.all[0]!.batches).toEqual([])
    store.getState().resume()
    expect(store.getState().scan.status).toBe('running')
    await done
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(50)))
  })

  it('hold and stop a scan whose engine is being replaced', async () => {
    for (const end of ['resume', 'stop'] as const) {
      const gate = deferred()
      const crashed = deferred()
      let batches = 0
      const { store } = await readyApp(
        {
          start: (engine) => (engine === 1 ? gate.promise : undefined),
          async scanBatch() {
            await settled()
            if (++batches !== 3) return
            crashed.resolve()
            throw appError('worker/died', { worker: 'engine', reason: 'crash' })
          },
        },
        320,
      )
      const done = store.getState().run()
      await crashed.promise
      await settled()
      store.getState().pause()
      expect(store.getState().scan.status).toBe('paused')
      const { scanned } = store.getState().results.get('first')!
      expect(scanned).toBe(16 + 32)
      if (end === 'stop') store.getState().stop()
      gate.resolve()
      await settled()
      await settled()
      expect(store.getState().results.get('first')!.scanned).toBe(scanned)
      store.getState().resume()
      await done
      expect(store.getState().scan.status).toBe(end === 'stop' ? 'stopped' : 'done')
      if (end === 'stop') await store.getState().runRest('first')
      expect(tops(store, 'first')).toEqual(expectedTops('first', all(320)))
    }
  })

  it('change nothing where nothing runs', async () => {
    const { store } = await readyApp()
    store.getState().pause()
    store.getState().resume()
    expect(store.getState().scan).toEqual({ status: 'idle' })
  })
})

describe('stop', () => {
  it('keeps what was found, and drops what still comes in', async () => {
    const { behaviour, answer, waiting } = gatedBatches()
    const { store } = await readyApp(behaviour, 320)
    const done = store.getState().run()
    await settled()
    await answer()
    await answer()
    store.getState().stop()
    await done
    expect(store.getState().scan.status).toBe('stopped')
    while (waiting() > 0) await answer()
    expect(store.getState().results.get('first')!.scanned).toBe(16 + 32)
    expect(tops(store, 'first')).toEqual(expectedTops('first', shuffled(320).slice(0, 48)))
    expect(texts(store)).toEqual([])
  })

  it('tells of everything that came in before, also within the time between two updates', async () => {
    const { behaviour, answer } = gatedBatches({
      skip: (image) => (image % 32 === 5 ? 'cut off' : undefined),
    })
    const { store } = await readyApp(behaviour, 320)
    const done = store.getState().run()
    await settled()
    for (let batch = 0; batch < 4; batch++) await answer()
    store.getState().stop()
    await done
    const taken = shuffled(320).slice(0, 112)
    expect([...store.getState().skipped.keys()]).toEqual(taken.filter((image) => image % 32 === 5))
    expect(store.getState().scan).toMatchObject({ status: 'stopped', progress: { done: 16 + 3 * 32 } })
  })

  it('while engines are being prepared ends the scan before it has begun', async () => {
    const gate = deferred()
    const { store, engines } = await readyApp({ beginScan: () => gate.promise })
    const done = store.getState().run()
    await settled()
    store.getState().stop()
    await done
    gate.resolve()
    await settled()
    expect(store.getState().scan.status).toBe('stopped')
    expect(engines.all[0]!.batches).toEqual([])
  })

  it('while broken engines are being replaced ends the scan before it has begun', async () => {
    const gate = deferred()
    const { store, engines } = await readyApp({ start: (engine) => (engine > 0 ? gate.promise : undefined) })
    store.services.pool.markBroken()
    const done = store.getState().run()
    await settled()
    store.getState().stop()
    gate.resolve()
    await done
    await settled()
    expect(store.getState()).toMatchObject({ scan: { status: 'stopped', seconds: 0 }, results: new Map() })
    expect(engines.all.flatMap(({ batches }) => batches)).toEqual([])
  })

  it('while a second scan is prepared knows nothing of the seconds of the first', async () => {
    const gate = deferred()
    const { store } = await readyApp({ start: (engine) => (engine > 0 ? gate.promise : undefined) }, 50)
    await store.getState().run(['first'])
    store.services.pool.markBroken()
    const done = store.getState().run(['second'])
    await new Promise((resolve) => setTimeout(resolve, 20))
    store.getState().stop()
    expect(store.getState().scan).toMatchObject({ status: 'stopped', seconds: 0 })
    gate.resolve()
    await done
  })

  it.each(['stop', 'clearResults'] as const)(
    'in the middle of the first report leaves the page as it was: %s',
    async (end) => {
      const { store } = await readyApp({}, 320)
      await store.getState().run(['first'])
      const before = store.getState().results.get('first')
      const { absorbInParts } = LayerResult.prototype
      vi.spyOn(LayerResult.prototype, 'absorbInParts').mockImplementationOnce(function* half(
        this: LayerResult,
        ...batch
      ) {
        yield* absorbInParts.apply(this, batch)
        store.getState()[end]()
      })
      await store.getState().runAnew(['first'])
      await settled()
      const { scan, results } = store.getState()
      expect(results.get('first')).toBe(end === 'stop' ? before : undefined)
      expect(scan).toMatchObject(
        end === 'stop' ? { status: 'stopped', progress: { done: 16 } } : { status: 'idle' },
      )
    },
  )

  it('after the end changes nothing', async () => {
    const { store } = await readyApp({}, 50)
    await store.getState().run()
    const { scan } = store.getState()
    store.getState().stop()
    expect(store.getState().scan).toBe(scan)
  })

  it('and a new run while engines are being prepared: only the new one runs', async () => {
    const gate = deferred()
    const { store, engines } = await readyApp({ beginScan: () => gate.promise }, 50)
    const stopped = store.getState().run(['first'])
    await settled()
    store.getState().stop()
    const wanted = store.getState().run(['second'])
    gate.resolve()
    await Promise.all([stopped, wanted])
    expect(engines.all[0]!.batches.flat()).toEqual(shuffled(50))
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { layers: ['second'] } })
    expect(tops(store, 'second')).toEqual(expectedTops('second', all(50)))
  })

  it('and a new run while broken engines are being replaced: only the new one runs', async () => {
    const gate = deferred()
    const { store } = await readyApp({ start: (engine) => (engine > 0 ? gate.promise : undefined) }, 50)
    store.services.pool.markBroken()
    const stopped = store.getState().run(['first'])
    await settled()
    expect(store.getState().scan.status).toBe('preparing')
    store.getState().stop()
    expect(store.getState().scan.status).toBe('stopped')
    const wanted = store.getState().run(['second'])
    await settled()
    gate.resolve()
    await Promise.all([stopped, wanted])
    expect([...store.getState().results.keys()]).toEqual(['second'])
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { layers: ['second'] } })
    expect(tops(store, 'second')).toEqual(expectedTops('second', all(50)))
  })
})

describe('two scans asked for at once', () => {
  it.each(['while nothing runs', 'while the one before is being stopped'])(
    'are the later one only, %s',
    async (when) => {
      const { behaviour, answer, waiting } = gatedBatches()
      const { store, engines } = await readyApp(behaviour, 64)
      const plan = (layer: string): Planner => {
        return (model, { table }) => planScan(store.getState(), model, table, [layer])
      }
      const { scanPlanned } = store.getState()
      if (when !== 'while nothing runs') {
        void scanPlanned(plan('first'))
        await settled()
      }
      const dropped = waiting()
      const overtaken = scanPlanned(plan('first'))
      const wanted = scanPlanned(plan('second'))
      await settled()
      for (let batch = 0; batch < dropped; batch++) await answer()
      await answeredUntil(Promise.all([overtaken, wanted]), answer, waiting)
      expect(engines.all[0]!.batches.flat()).toHaveLength(64 + 16 * dropped)
      expect(store.getState().results.get('first')?.scanned ?? 0).toBe(0)
      expect(store.getState().scan).toMatchObject({ status: 'done', progress: { layers: ['second'] } })
      expect(tops(store, 'second')).toEqual(expectedTops('second', all(64)))
    },
  )
})

describe('workers that start at different times', () => {
  it('do not wait for each other', async () => {
    const gate = deferred()
    const { store, engines } = await readyApp(
      { backend: 'wasm', start: (engine) => (engine === 1 ? gate.promise : undefined) },
      100,
      2,
    )
    await store.getState().run()
    expect(store.getState().scan.status).toBe('done')
    expect(engines.all.map(({ batches }) => batches.flat().length)).toEqual([100, 0])
    gate.resolve()
    await settled()
    await store.getState().run(['second'])
    expect(engines.all[1]!.batches.length).toBeGreaterThan(0)
    expect(tops(store, 'second')).toEqual(expectedTops('second', all(100)))
  })
})

describe('an engine that fails', () => {
  const died = appError('worker/died', { worker: 'engine', reason: 'out of memory' })

  const noMemory = new Error('There is no memory for another worker.')

  it.each([
    ['with a sentence of ours', died],
    ['with an error of its own', new Error('TypeError in tfjs')],
    ['without its graphics', appError('backend/lost', { backend: 'webgl', reason: 'the context was lost' })],
  ])('in the middle is replaced, and the scan goes on: %s', async (_, error) => {
    let batches = 0
    const { store, engines } = await readyApp(
      {
        async scanBatch() {
          const number = ++batches
          await settled()
          if (number === 4) throw error
        },
      },
      190,
    )
    const undisturbed = await readyApp({}, 190)
    await undisturbed.store.getState().run()
    await store.getState().run()
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 190, total: 190 } })
    expect(engines.all.map(({ terminated }) => terminated)).toEqual([true, false])
    expect(engines.all[1]!.file).toBe(engines.all[0]!.file)
    expect(store.getState().notices.map(({ kind, text }) => [kind, text])).toEqual([
      ['warning', sentence('scan/worker-replaced', { workers: 1, images: 96, reason: error.message })],
    ])
    expect(await savedText(store)).toEqual(await savedText(undisturbed.store))
  })

  it('without a word is replaced, too; what others do goes on meanwhile', async () => {
    const gate = deferred()
    const { behaviour, answer, waiting } = gatedBatches({
      backend: 'wasm',
      start: (engine) => (engine === 2 ? gate.promise : undefined),
    })
    const { store, engines } = await readyApp(behaviour, 190, 2)
    const done = store.getState().run()
    await settled()
    engines.all[0]!.die('it ended without a word')
    await settled()
    const before = engines.all[1]!.batches.length
    for (let i = 0; i < 8; i++) await answer()
    expect(engines.all[1]!.batches.length).toBeGreaterThan(before + 2)
    expect(store.getState().scan.status).toBe('running')
    gate.resolve()
    await settled()
    await settled()
    while (waiting() > 0) await answer()
    await done
    expect(engines.all.map(({ batches }) => batches.length > 0)).toEqual([true, true, true])
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(190)))
    expect(store.getState().results.get('first')!.scanned).toBe(190)
  })

  it('again and again is told in one line', async () => {
    let batches = 0
    const { store } = await readyApp(
      {
        scanBatch() {
          if (++batches % 5 === 4) throw died
        },
      },
      190,
    )
    await store.getState().run()
    expect(store.getState().scan.status).toBe('done')
    expect(texts(store)).toHaveLength(1)
    expect(texts(store)[0]).toMatch(/^\d workers were replaced, and the scan goes on/)
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(190)))
  })

  it('every other time in a long scan is replaced each time, as reports come in between', async () => {
    let batches = 0
    const { store } = await readyApp(
      {
        async scanBatch() {
          const number = ++batches
          await settled()
          if (number % 2 === 0) throw died
        },
      },
      900,
    )
    await store.getState().run()
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 900, total: 900 } })
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(900)))
  })

  it('because it answers no more is replaced, also before it has begun', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const { store, engines } = await readyApp(
      {
        beginScan: (engine) => (engine === 0 ? new Promise(() => undefined) : undefined),
        scanBatch: (engine) => (engine === 1 ? new Promise(() => undefined) : undefined),
      },
      100,
    )
    const done = store.getState().run()
    await settled()
    vi.advanceTimersByTime(600_000)
    await settled()
    await settled()
    expect(engines.all).toHaveLength(2)
    expect(engines.all[1]!.batches).toHaveLength(1)
    vi.advanceTimersByTime(120_000)
    await done
    vi.useRealTimers()
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 100 } })
    expect(engines.all.map(({ terminated }) => terminated)).toEqual([true, true, false])
    expect(texts(store)).toEqual([
      sentence('scan/worker-replaced', {
        workers: 2,
        images: 16,
        reason: sentence('worker/hung', { seconds: 120 }),
      }),
    ])
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(100)))
  })

  it('at one image is found out: that one is skipped by name', async () => {
    const { store } = await readyApp(
      {
        backend: 'wasm',
        scanBatch(_, items) {
          if (items.some(({ image }) => image === 23)) throw died
        },
      },
      100,
      2,
    )
    await store.getState().run()
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 100, total: 100 } })
    expect([...store.getState().skipped]).toEqual([
      [23, clause('images/stops-worker', { reason: died.message })],
    ])
    expect(tops(store, 'first')).toEqual(
      expectedTops(
        'first',
        all(100).filter((image) => image !== 23),
      ),
    )
  })

  it.each([
    ['with a sentence of ours', died],
    ['with an error of its own', new Error('TypeError in tfjs')],
  ])('before the first batch ends the scan when six others do no better: %s', async (_, error) => {
    let broken = true
    const { store, engines } = await readyApp({
      beginScan() {
        if (broken) throw error
      },
    })
    await store.getState().run()
    expect(store.getState().scan.status).toBe('failed')
    expect(engines.all).toHaveLength(7)
    expect(texts(store).at(-1)).toBe(sentence('scan/no-worker', { reason: error.message }))
    broken = false
    await store.getState().run()
    expect(store.getState().scan.status).toBe('done')
    expect(engines.all.map(({ terminated }) => terminated)).toEqual([...Array<boolean>(7).fill(true), false])
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(100)))
  })

  it('in the middle for good ends the scan, keeps what was found, and the rest can be scanned', async () => {
    let broken = false
    let batches = 0
    const { store } = await readyApp(
      {
        async scanBatch() {
          await settled()
          broken ||= ++batches > 3
          if (broken) throw died
        },
      },
      190,
    )
    await store.getState().run()
    expect(store.getState().scan.status).toBe('failed')
    const { scanned } = store.getState().results.get('first')!
    expect(scanned).toBe(16 + 2 * 32)
    // Suspected images are not skipped, because no other image could be scanned either.
    expect(imagesLeft(store.getState(), 'first')).toBe(190 - scanned)
    expect(store.getState().skipped.size).toBe(0)
    broken = false
    batches = -1e6
    await store.getState().runRest('first')
    expect(store.getState().scan.status).toBe('done')
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(190)))
  })

  it('by what it was asked for ends the scan at once with that sentence', async () => {
    const wrong = appError('setting/channels', { setting: 'mean', length: 2, channels: 3 })
    const { store, engines } = await readyApp({
      beginScan() {
        throw wrong
      },
    })
    await store.getState().run()
    expect(store.getState().scan.status).toBe('failed')
    expect(texts(store)).toEqual([wrong.message])
    expect(engines.all).toHaveLength(1)
  })

  it('for want of memory is replaced once, and then ends the scan with what to do', async () => {
    const full = appError('backend/out-of-memory', { backend: 'WASM', layer: 'first' })
    const { store, engines } = await readyApp({
      scanBatch() {
        throw full
      },
    })
    await store.getState().run()
    expect(store.getState().scan.status).toBe('failed')
    expect(texts(store).at(-1)).toBe(full.message)
    expect(engines.all).toHaveLength(2)
    expect(store.getState().skipped.size).toBe(0)
  })

  it('for want of memory beside others leaves its work to them', async () => {
    const full = appError('backend/out-of-memory', { backend: 'WASM', layer: 'first' })
    const { store } = await readyApp(
      {
        backend: 'wasm',
        async scanBatch(engine) {
          if (engine !== 0) throw full
          // Until the other one has been replaced, and has failed again.
          await settled()
        },
      },
      100,
      2,
    )
    await store.getState().run()
    expect(store.getState().scan.status).toBe('done')
    expect(texts(store)).toContain(sentence('scan/worker-missing', { reason: full.message }))
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(100)))
  })

  it('and cannot be replaced leaves its work to the others, and says so', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let dying = true
    const { store, engines } = await readyApp(
      {
        backend: 'wasm',
        start(engine) {
          if (engine > 1) throw noMemory
        },
        async scanBatch(engine) {
          if (engine === 0 && dying) {
            dying = false
            throw died
          }
          // This is long enough for the replacement to be tried twice more.
          await vi.advanceTimersByTimeAsync(2000)
        },
      },
      190,
      2,
    )
    await store.getState().run()
    vi.useRealTimers()
    expect(store.getState().scan.status).toBe('done')
    expect(engines.all).toHaveLength(5)
    expect(texts(store)).toEqual([sentence('scan/worker-missing', { reason: noMemory.message })])
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(190)))
  })

  it('to start as one of several leaves its work to the others, and says so', async () => {
    const { store, engines } = await readyApp(
      {
        backend: 'wasm',
        start(engine) {
          if (engine === 1 || engine === 3) throw noMemory
        },
      },
      50,
      3,
    )
    await store.getState().run()
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 50, total: 50 } })
    expect(store.getState().notices.map(({ kind, text }) => [kind, text])).toEqual([
      [
        'warning',
        'A worker takes no part in this scan, which goes on with the others: There is no memory for another worker.',
      ],
    ])
    expect(engines.all.map(({ batches }) => batches.length > 0)).toEqual([true, false, true, false])
    await store.getState().run(['second'])
    expect(store.getState().scan.status).toBe('done')
    expect(engines.all[4]!.batches.length).toBeGreaterThan(0)
    expect(tops(store, 'second')).toEqual(expectedTops('second', all(50)))
  })

  it('between two scans is replaced before the second', async () => {
    const { store, engines } = await readyApp({}, 50)
    await store.getState().run()
    engines.all[0]!.die('out of memory')
    await store.getState().run(['second'])
    expect(store.getState().scan.status).toBe('done')
    expect(texts(store)).toEqual([])
    expect(engines.all).toHaveLength(2)
  })

  it.each(['after the scan has ended', 'after it was stopped'])('%s is not reported', async (when) => {
    const gate = deferred()
    const { behaviour, answer, waiting } = gatedBatches({
      backend: 'wasm',
      start: (engine) => (engine === 1 ? gate.promise : undefined),
    })
    const { store } = await readyApp(behaviour, 50, 2)
    const done = store.getState().run()
    await settled()
    await answer()
    if (when === 'after it was stopped') store.getState().stop()
    while (waiting() > 0) await answer()
    await done
    gate.reject(noMemory)
    await settled()
    expect(texts(store)).toEqual([])
  })
})

describe('settings', () => {
  it('k is how many patches a channel are shown: another one up to 25 needs no other scan', async () => {
    const { store } = await readyApp({}, 60)
    await store.getState().run()
    const { results, scan } = store.getState()
    for (const k of [25, 9, 16]) {
      store.getState().setK(k)
      expect(store.getState()).toMatchObject({ k, results, scan })
      expect(tops(store, 'first')).toEqual(expectedTops('first', all(60), k))
    }
  })

  it('k that grows has tiles drawn anew, as what is behind those shown may have changed unseen', async () => {
    const { store } = await readyApp({}, 60)
    await store.getState().run()
    const version = (): number => store.getState().results.get('first')!.versions[1]!
    const before = version()
    store.getState().setK(9)
    expect(version()).toBe(before)
    store.getState().setK(25)
    expect(version()).toBe(before + 1)
  })

  it.each([4, 9, 16, 25])(
    'what is saved with %s patches a channel is what a scan of so many saves',
    async (k) => {
      const asked = await readyApp({}, 120)
      asked.store.getState().setK(k)
      await asked.store.getState().run(['first', 'second'])
      const shown = await readyApp({}, 120)
      await shown.store.getState().run(['first', 'second'])
      shown.store.getState().setK(k)
      const saved = await savedText(shown.store)
      expect(saved).toBe(await savedText(asked.store))
      const file = JSON.parse(saved) as ResultsFile
      expect(file.k).toBe(k)
      for (const { channels: records } of file.layers)
        for (const { top, lowest, dead } of records)
          expect([top.length, lowest.length]).toEqual(dead ? [0, 0] : [k, k])
    },
  )

  it('k beyond what was kept forgets the results, also of a scan that is under way', async () => {
    const { store } = await readyApp({}, 120)
    await store.getState().run()
    store.getState().setK(26)
    expect(store.getState()).toMatchObject({ k: 26, results: new Map(), scan: { status: 'idle' } })
    await store.getState().run()
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(120), 26))
    store.getState().setK(9)
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(120), 9))
    const gate = deferred()
    const preparing = await readyApp({ beginScan: () => gate.promise }, 50)
    const done = preparing.store.getState().run()
    await settled()
    preparing.store.getState().setK(40)
    expect(preparing.store.getState().scan).toEqual({ status: 'idle' })
    gate.resolve()
    await done
  })

  it('keeping more of them takes the next scan, and changes nothing else', async () => {
    const { store } = await readyApp({}, 120)
    await store.getState().run()
    const result = store.getState().results.get('first')!
    store.getState().setKeep(100)
    expect(store.getState().results.get('first')).toBe(result)
    expect(result.kept).toBe(25)
    const file = tops(store, 'first')
    await store.getState().runAnew(['first'])
    const more = store.getState().results.get('first')!
    expect([more.kept, more.top(1, 100).length]).toEqual([100, 100])
    expect(more.top(1, 25)).toEqual(result.top(1, 25))
    expect(tops(store, 'first')).toEqual(file)
    // More are shown than are to be kept.
    store.getState().setKeep(9)
    await store.getState().runAnew(['first'])
    expect(store.getState().results.get('first')!.kept).toBe(16)
    expect(() => store.getState().setKeep(0)).toThrow(
      expect.objectContaining({ code: 'setting/unknown' }) as Error,
    )
  })

  it.each([0, 256, 2.5, NaN])('k cannot be %s; everything stays as it was', async (k) => {
    const { store } = await readyApp({}, 20)
    await store.getState().run()
    const { results, scan } = store.getState()
    expect(() => store.getState().setK(k)).toThrow(
      expect.objectContaining({ code: 'setting/unknown' }) as Error,
    )
    expect(store.getState().k).toBe(16)
    expect(store.getState().results).toBe(results)
    expect(store.getState().scan).toBe(scan)
  })

  it('another preprocessing forgets the results and ends the scan', async () => {
    const { behaviour, answer, waiting } = gatedBatches()
    const { store } = await readyApp(behaviour, 320)
    const done = store.getState().run()
    await settled()
    await answer()
    store.getState().setPreprocessing({ ...store.getState().preprocessing, scale: '-1..1' })
    await done
    while (waiting() > 0) await answer()
    expect(store.getState()).toMatchObject({
      preprocessing: { scale: '-1..1' },
      results: new Map(),
      scan: { status: 'idle' },
    })
  })
})

describe('what is exported', () => {
  it('is the results file of all layers scanned so far', async () => {
    const { store, gallery } = await readyApp({ skip: (image) => (image === 4 ? 'cut off' : undefined) }, 30)
    expect(await exportResults(store.getState(), store.services)).toBeNull()
    await store.getState().run(['second', 'first'])
    const saved = await exportResults(store.getState(), store.services)
    expect(saved!.name).toBe('animals.urpatch.json')
    const file = JSON.parse(await saved!.blob.text()) as Record<string, unknown>
    expect(file).toMatchObject({
      format: 'urpatch-results',
      version: 1,
      model: { name: 'animals.h5', sha256: 'model digest', inputShape: [6, 5, 3] },
      images: {
        name: 'photos',
        count: 30,
        scanned: 29,
        fingerprint: 'images digest',
        skipped: [{ path: 'cat/0004.png', reason: 'cut off' }],
      },
      k: 16,
      layers: [
        { name: 'first', scanned: 29 },
        { name: 'second', scanned: 29 },
      ],
    })
    expect(gallery.calls).toContainEqual([
      'digestLines',
      imagePaths(30).map((path) => `${path}\t${path.length}`),
    ])
  })

  it('tells models of several files apart by all of them', async () => {
    const { store, gallery } = await readyApp({}, 30)
    const files = ['model.json', 'b.bin', 'a.bin'].map((path) => ({ path, file: new File([path], path) }))
    await store.getState().openModel(files)
    await store.getState().run()
    await exportResults(store.getState(), store.services)
    const lists = gallery.calls.filter(([name]) => name === 'digestLines').map(([, lines]) => lines)
    expect(lists).toContainEqual(['a.bin', 'b.bin', 'model.json'].map((path) => `model digest  ${path}`))
  })

  it('are pictures of the channels that are not dead', async () => {
    const { store, gallery } = await readyApp({}, 30)
    await store.getState().run()
    const files = await savedFigure(store, 'first', [0, 2, 3])
    expect(files.map(({ name }) => name)).toEqual(['animals-first.png'])
    const requests = gallery.calls.find(([name]) => name === 'figures')![1] as FigureRequest[]
    expect(requests.map(({ title, patches }) => [title, patches.length])).toEqual([
      ['Channel 2', 16],
      ['Channel 3', 16],
    ])
    const values = store
      .getState()
      .results.get('first')!
      .top(2, 16)
      .map(({ activation }) => String(activation))
    expect(requests[0]!.note).toMatch(new RegExp(`^${values[0]} … ${values[15]} · \\d+ % \\w+$`))
    expect(requests[0]!.captions.map((text) => text.split(' · ').slice(0, 2))).toEqual(
      values.map((value, i) => [String(i + 1), value]),
    )
    expect(requests[0]!.descriptions[1]).toMatch(`first, channel 2, rank 2, activation ${values[1]}, `)
    const [one] = await savedFigure(store, 'first', [2])
    expect(one!.name).toBe('animals-first-channel-2.png')
  })

  it('has the boxes of the units', async () => {
    const { store } = await readyApp({}, 30)
    await store.getState().run()
    const { model, results } = store.getState()
    const patches = patchesOf(model!, 'first', results.get('first')!, 2, 16)
    const expected = expectedTop(1, all(30), 2, 16).map(({ image, activation, position }) => {
      const [row, column] = [Math.floor(position / 3), position % 3]
      return { image, activation, unit: [row, column], box: [row, column, row + 3, column + 3] }
    })
    expect(patches).toEqual(expected)
  })
})

describe('the rest', () => {
  it('after a sample makes the results those of all images', async () => {
    const { store, engines } = await readyApp({ backend: 'wasm' }, 103, 2)
    const whole = await readyApp({}, 103)
    await whole.store.getState().run(['first', 'second'])
    store.getState().setSelection({ ...everything, sample: { random: 20, seed: 3 } })
    await store.getState().run(['first', 'second'])
    expect(store.getState().results.get('first')!.scanned).toBe(20)
    expect(imagesLeft(store.getState(), 'first')).toBe(83)
    await store.getState().runRest('second')
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(103)))
    expect(tops(store, 'second')).toEqual(expectedTops('second', all(103)))
    expect(imagesLeft(store.getState(), 'first')).toBe(0)
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 103, total: 103 } })
    const scanned = engines.all.flatMap(({ batches }) => batches.flat())
    expect(scanned.toSorted((a, b) => a - b)).toEqual(all(103))
    expect(await savedText(store)).toEqual(await savedText(whole.store))
  })

  it('after a stop goes on where it was, batches that were under way included', async () => {
    const { behaviour, answer } = gatedBatches()
    const { store } = await readyApp(behaviour, 100)
    const running = store.getState().run(['first'])
    await settled()
    await answer()
    store.getState().stop()
    await running
    const { scanned } = store.getState().results.get('first')!
    expect(scanned).toBe(16)
    const rest = store.getState().runRest('first')
    for (let i = 0; i < 8; i++) {
      await settled()
      await answer().catch(() => undefined)
    }
    await rest
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(100)))
  })

  it('is of the layers that were scanned together only', async () => {
    const { store } = await readyApp({}, 40)
    store.getState().setSelection({ ...everything, sample: { first: 10 } })
    await store.getState().run(['first'])
    await store.getState().run(['second'])
    await store.getState().runRest('first')
    expect(store.getState().results.get('first')!.scanned).toBe(40)
    expect(store.getState().results.get('second')!.scanned).toBe(10)
    const file = JSON.parse(await savedText(store)) as ResultsFile
    expect(file.layers.map(({ name, sample }) => [name, sample])).toEqual([
      ['first', undefined],
      ['second', { first: 10 }],
    ])
  })

  it('is of the chosen classes', async () => {
    const { store } = await readyApp({}, 40)
    store.getState().setSelection({ ...everything, classes: ['dog'], sample: { first: 5 } })
    await store.getState().run(['first'])
    await store.getState().runRest('first')
    expect(tops(store, 'first')).toEqual(expectedTops('first', all(40).slice(20)))
    expect((JSON.parse(await savedText(store)) as ResultsFile).images.selection).toEqual({ classes: ['dog'] })
  })

  it('of a layer that was never scanned is nothing', async () => {
    const { store, engines } = await readyApp({}, 40)
    await store.getState().runRest('first')
    expect(engines.all[0]!.batches).toEqual([])
    expect(store.getState().scan.status).toBe('idle')
  })
})

describe('the selection', () => {
  it('of other classes forgets the results; another sample keeps them', async () => {
    const { store } = await readyApp({}, 40)
    await store.getState().run(['first'])
    store.getState().setSelection({ ...everything, sample: { first: 5 } })
    expect(store.getState().results.size).toBe(1)
    store.getState().setSelection({ ...everything, classes: ['cat'] })
    expect(store.getState().results.size).toBe(0)
  })

  it('of a class that is not there is refused and changes nothing', async () => {
    const { store } = await readyApp({}, 40)
    expect(() => store.getState().setSelection({ ...everything, classes: ['wolf'] })).toThrow(
      sentence('selection/unknown', { kind: 'class', name: 'wolf', known: 'cat, dog' }),
    )
    expect(store.getState().selection).toBe(everything)
  })

  it('is forgotten with the images it was of', async () => {
    const { store } = await readyApp({}, 40)
    store.getState().setSelection({ ...everything, classes: ['cat'] })
    await store.getState().openImages(sourceOf('others', folderOf(['a.png', 'b.png'])))
    expect(store.getState().selection).toBe(everything)
  })

  it('that holds no image is told', async () => {
    const { store } = await readyApp({}, 40)
    store.getState().setSelection({ ...everything, classes: [] })
    await store.getState().run(['first'])
    expect(texts(store)).toEqual([sentence('selection/empty')])
    expect(store.getState().scan.status).toBe('idle')
  })
})

describe('an image that cannot be opened any more', () => {
  it('is skipped with the reason, and the scan goes on', async () => {
    const { store } = await readyApp({}, 40)
    const { images } = store.getState()
    vi.spyOn(images!, 'handleOf').mockImplementation((image) =>
      image === 7
        ? Promise.reject(clauseError('images/unreadable', { reason: 'it has gone' }))
        : Promise.resolve(new Blob(['picture'])),
    )
    await store.getState().run(['first'])
    expect([...store.getState().skipped]).toEqual([
      [7, clause('images/unreadable', { reason: 'it has gone' })],
    ])
    expect(tops(store, 'first')).toEqual(
      expectedTops(
        'first',
        all(40).filter((image) => image !== 7),
      ),
    )
    expect(store.getState().scan).toMatchObject({ status: 'done', progress: { done: 40, total: 40 } })
  })
})
