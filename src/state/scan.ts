/** @file The scan: its phase, its settings and what it has found so far. */
import { AppError, appError, messageOf, sentence } from '../core/errors.ts'
import { notebookPreprocessing, type Preprocessing } from '../core/images/preprocessing.ts'
import { channelCount, mapSize, type SupportedLayer } from '../core/model/network.ts'
import { checkedK } from '../core/scan/topK.ts'
import { scannableLayers } from '../core/model/scannable.ts'
import { LayerResult } from '../core/scan/layerResult.ts'
import { Stopwatch } from '../core/scan/progress.ts'
import type { AppState, Slice } from './appState.ts'
import type { ImageSet } from './imageSet.ts'
import type { OpenModel } from './model.ts'
import { ScanRun } from './scanRun.ts'
import { type ScanProgress, ScanTally } from './scanTally.ts'

export type ScanPhase =
  | { readonly status: 'idle' }
  | { readonly status: 'preparing' | 'running' | 'paused'; readonly progress: ScanProgress }
  | {
      readonly status: 'done' | 'stopped' | 'failed'
      readonly progress: ScanProgress
      /** From the first batch to the last, pauses left out. */
      readonly seconds: number
    }

/** `shown`: the layer on the screen; otherwise names. */
export type ScanScope = 'shown' | readonly string[]

export interface ScanSlice {
  readonly scan: ScanPhase
  readonly scope: ScanScope
  readonly k: number
  readonly preprocessing: Preprocessing
  /** By layer name. The values grow in place; `revision` says when to look again. */
  readonly results: ReadonlyMap<string, LayerResult>
  readonly revision: number
  /** Image number → reason. */
  readonly skipped: ReadonlyMap<number, string>
  /** Bytes that engines and results really take, at their highest. */
  readonly peakBytes: number
  setScope(scope: ScanScope): void
  /** Both forget the results, which no longer fit. Throws `setting/unknown`. */
  setK(k: number): void
  setPreprocessing(preprocessing: Preprocessing): void
  /** The layers of the scope, or these. Resolves when the scan has ended. */
  run(layers?: readonly string[]): Promise<void>
  pause(): void
  resume(): void
  stop(): void
  clearResults(): void
}

/**
 * Large enough to hide the cost of a call, small enough that the first mosaics come within a second and a pause
 * takes effect at once. WASM gains nothing from more; measured in `npm run bench`.
 */
const imagesPerBatch = { wasm: 16, webgl: 32 } as const

/**
 * Time between two updates of the page while batches come in: often enough to watch, seldom enough that drawing takes
 * little from the scan. (2 cores, 250 ms: 10 % of one core; 500 ms: half of it.)
 */
const updateMs = 500

export const createScan: Slice<ScanSlice> = (set, get, { pool, mosaics }) => {
  let run: ScanRun | null = null
  /** Counts what has been asked for, so that a run that was overtaken while it prepared never starts. */
  let requests = 0
  let tally: ScanTally | null = null
  let watch: Stopwatch | null = null

  const begin = async (
    request: number,
    model: OpenModel,
    images: ImageSet,
    names: readonly string[],
  ): Promise<void> => {
    const layers = names.map((name) => indexOfLayer(model, name))
    const { order } = images.table
    const { k, preprocessing, backend } = get()
    const progress = { layers: names, done: 0, total: order.length, imagesPerSecond: null }
    const fresh = new Map(
      names.map((name, i) => {
        const { shape } = model.network.layers[layers[i]!] as SupportedLayer
        const [rows, columns] = mapSize(shape)
        return [name, new LayerResult(channelCount(shape), rows * columns, k)]
      }),
    )
    set({ scan: { status: 'preparing', progress } })
    mosaics.clear()

    const engines = await pool.engines()
    // The user may have stopped, or asked for something else, meanwhile.
    if (request !== requests) return
    const batchSize = Math.max(
      1,
      Math.min(imagesPerBatch[backend!.name], Math.ceil(order.length / engines.length)),
    )

    set({
      results: new Map([...get().results, ...fresh]),
      scan: { status: 'running', progress },
      revision: get().revision + 1,
    })
    const started = follow(images, batchSize, names, [...fresh.values()])
    const failures: unknown[] = []
    for (const ready of engines)
      ready
        .then(async (engine) => {
          await engine.beginScan({ layers, k, preprocessing, batchSize })
          started.join(engine)
        })
        .catch((error: unknown) => {
          // Stopped, ended or replaced meanwhile: nobody waits for this engine.
          if (run !== started) return
          // The others do its work, and the next run has a new one.
          pool.markBroken()
          if (failures.push(error) < engines.length)
            get().notify('info', sentence('scan/worker-missing', { reason: messageOf(error) }))
          else started.fail(error)
        })
    await ended(started, images, names, [...fresh.values()])
  }

  /** A run whose reports go into `results` and, now and then, to the page. */
  const follow = (
    images: ImageSet,
    batchSize: number,
    names: readonly string[],
    results: readonly LayerResult[],
  ): ScanRun => {
    const { order } = images.table
    const current = new ScanTally(results, get().skipped)
    let lastUpdate = 0

    const publish = (): void => {
      lastUpdate = performance.now()
      const { scan, revision, peakBytes } = get()
      if (scan.status !== 'running' && scan.status !== 'paused') return
      set({
        scan: { ...scan, progress: current.progress(names, order.length) },
        revision: revision + 1,
        skipped: new Map(current.skipped),
        peakBytes: Math.max(peakBytes, current.bytes),
      })
    }

    tally = current
    watch = new Stopwatch(performance.now())
    run = new ScanRun({
      order,
      batchSize,
      handleOf: images.handleOf,
      onReport(report, engine) {
        const now = performance.now()
        current.take(report, engine, now)
        if (now - lastUpdate > updateMs) publish()
      },
      onEnd: publish,
    })
    return run
  }

  const ended = async (
    started: ScanRun,
    images: ImageSet,
    names: readonly string[],
    results: readonly LayerResult[],
  ): Promise<void> => {
    const outcome = await started.outcome
    reportNan(get(), names, results)
    // Stopped by hand, or replaced by another run: that one speaks.
    if (run !== started) return
    run = null
    finish(get(), outcome.status)
    const { skipped } = get()
    const count = images.table.order.length
    if (outcome.status === 'failed') {
      pool.markBroken()
      get().report(outcome.error)
    } else if (skipped.size === count) {
      get().notify('error', noImage(count, skipped))
    }
  }

  /** Nothing happens unless a scan is under way. */
  const finish = ({ scan }: AppState, status: 'done' | 'stopped' | 'failed'): void => {
    if (scan.status !== 'preparing' && scan.status !== 'running' && scan.status !== 'paused') return
    const seconds = (watch?.elapsed(performance.now()) ?? 0) / 1000
    watch = null
    set({ scan: { status, progress: scan.progress, seconds } })
  }

  return {
    scan: { status: 'idle' },
    scope: 'shown',
    k: 16,
    preprocessing: notebookPreprocessing,
    results: new Map(),
    revision: 0,
    skipped: new Map(),
    peakBytes: 0,
    setScope(scope) {
      set({ scope })
    },
    setK(k) {
      set({ k: checkedK(k) })
      get().clearResults()
    },
    setPreprocessing(preprocessing) {
      set({ preprocessing })
      get().clearResults()
    },
    async run(layers) {
      const { model, images, scope, layer, openingModel } = get()
      const names = layers ?? (scope === 'shown' ? (layer === null ? [] : [layer]) : scope)
      // The engines are about to change while a model is being opened.
      if (!model || !images || names.length === 0 || openingModel !== null) return
      get().stop()
      const request = ++requests
      try {
        await begin(request, model, images, names)
      } catch (error) {
        if (request !== requests) return
        finish(get(), 'failed')
        // Our own words: nothing is wrong with the engines.
        if (!(error instanceof AppError)) pool.markBroken()
        get().report(error)
      }
    },
    pause() {
      const { scan } = get()
      if (scan.status !== 'running') return
      run?.pause()
      watch?.pause(performance.now())
      set({ scan: { ...scan, status: 'paused' } })
    },
    resume() {
      const { scan } = get()
      if (scan.status !== 'paused') return
      tally?.resume()
      watch?.resume(performance.now())
      set({ scan: { ...scan, status: 'running' } })
      run?.resume()
    },
    stop() {
      requests++
      const stopped = run
      run = null
      stopped?.stop()
      finish(get(), 'stopped')
    },
    clearResults() {
      get().stop()
      mosaics.clear()
      set(({ revision }) => ({
        scan: { status: 'idle' },
        results: new Map(),
        skipped: new Map(),
        revision: revision + 1,
        peakBytes: 0,
      }))
    },
  }
}

/** Throws `model/unknown-layer`. */
function indexOfLayer({ network }: OpenModel, name: string): number {
  const scannable = scannableLayers(network)
  const layer = scannable.find((one) => one.name === name)
  if (layer) return network.layers.indexOf(layer)
  throw appError('model/unknown-layer', { layer: name, known: scannable.map((one) => one.name).join(', ') })
}

function noImage(count: number, skipped: ReadonlyMap<number, string>): string {
  return sentence('scan/no-image', { count, first: [...skipped.values()][0] ?? '' })
}

function reportNan(state: AppState, names: readonly string[], results: readonly LayerResult[]): void {
  // Results that have been forgotten meanwhile are nobody's any more.
  const broken = names.filter(
    (name, i) => state.results.get(name) === results[i] && results[i]!.nanChannels > 0,
  )
  if (broken.length > 0) state.notify('error', sentence('scan/nan', { layers: broken.join(', ') }))
}
