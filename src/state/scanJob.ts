/** @file One scan from Run to its end: engines join it, their reports grow its results, and it can be paused. */
import type { Preprocessing } from '../core/images/preprocessing.ts'
import type { ImageMask } from '../core/scan/imageMask.ts'
import type { LayerResult } from '../core/scan/layerResult.ts'
import { Stopwatch } from '../core/scan/progress.ts'
import type { Engine } from '../engine/engine.ts'
import type { Remote } from '../rpc/remote.ts'
import type { ImageSet } from './imageSet.ts'
import { type RunOutcome, ScanRun } from './scanRun.ts'
import { type ScanProgress, ScanTally } from './scanTally.ts'

export interface ScanJobOptions {
  readonly images: ImageSet
  /** Image numbers in scanning order: those that are still to be scanned. */
  readonly order: Uint32Array
  /** What has been through before, and from now on. */
  readonly mask: ImageMask
  readonly names: readonly string[]
  /** Indices into the network's layers, in step with `names`, as are `results`. */
  readonly layers: readonly number[]
  readonly results: readonly LayerResult[]
  /** Image number → reason, of runs before this one. */
  readonly skipped: ReadonlyMap<number, string>
  readonly k: number
  readonly preprocessing: Preprocessing
  readonly batchSize: number
  /** Now and then while batches come in, and at the end. */
  readonly onProgress: () => void
  /** An engine cannot take part; the others go on. */
  readonly onMissing: (error: unknown) => void
}

/**
 * Time between two updates of the page while batches come in: often enough to watch, seldom enough that drawing takes
 * little from the scan. (2 cores, 250 ms: 10 % of one core; 500 ms: half of it.)
 */
const updateMs = 500

export class ScanJob {
  readonly outcome: Promise<RunOutcome>
  readonly #options: ScanJobOptions
  readonly #run: ScanRun
  readonly #tally: ScanTally
  readonly #watch = new Stopwatch(performance.now())
  /** Images that had been through when it began. */
  readonly #before: number
  #lastUpdate = 0
  #ended = false

  constructor(options: ScanJobOptions) {
    const { images, order, mask, results, skipped, batchSize, onProgress } = options
    this.#options = options
    this.#before = mask.count
    this.#tally = new ScanTally(results, skipped)
    this.#run = new ScanRun({
      order,
      batchSize,
      handleOf: images.handleOf,
      onReport: (report, engine, batch) => {
        const now = performance.now()
        this.#tally.take(report, engine, now)
        for (const image of batch) mask.add(image)
        if (now - this.#lastUpdate <= updateMs) return
        this.#lastUpdate = now
        onProgress()
      },
      onEnd: () => {
        this.#watch.pause(performance.now())
        this.#ended = true
        onProgress()
      },
    })
    this.outcome = this.#run.outcome
  }

  /** Each takes part as soon as it is ready; the job fails where none can. */
  start(engines: readonly Promise<Remote<Engine>>[]): void {
    const { layers, k, preprocessing, batchSize, onMissing } = this.#options
    let missing = 0
    for (const ready of engines)
      ready
        .then(async (engine) => {
          await engine.beginScan({ layers, k, preprocessing, batchSize })
          this.#run.join(engine)
        })
        .catch((error: unknown) => {
          // Stopped or ended meanwhile: nobody waits for this engine.
          if (this.#ended) return
          if (++missing < engines.length) onMissing(error)
          else this.#run.fail(error)
        })
  }

  pause(): void {
    this.#run.pause()
    this.#watch.pause(performance.now())
  }

  resume(): void {
    this.#tally.resume()
    this.#watch.resume(performance.now())
    this.#run.resume()
  }

  /** What is under way is dropped; what has come in stays. */
  stop(): void {
    this.#run.stop()
  }

  /** The pace is that of the last seconds while it runs, and of all of it afterwards. */
  get progress(): ScanProgress {
    const { names, order } = this.#options
    const { done, imagesPerSecond } = this.#tally
    return {
      layers: names,
      total: this.#before + order.length,
      done: this.#before + done,
      imagesPerSecond: this.#ended ? done / Math.max(this.seconds, 1e-3) : imagesPerSecond,
    }
  }

  /** Under way, pauses left out. */
  get seconds(): number {
    return this.#watch.elapsed(performance.now()) / 1000
  }

  get skipped(): ReadonlyMap<number, string> {
    return this.#tally.skipped
  }

  /** What engines and results take now. */
  get bytes(): number {
    return this.#tally.bytes
  }
}
