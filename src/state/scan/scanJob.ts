/**
 * @file One scan from Run to its end: engines join it, their reports grow its results, it can be paused, and engines
 * that fail are replaced while it goes on.
 */
import { appError } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import { Stopwatch } from '../../core/scan/progress.ts'
import type { Engine } from '../../engine/engine.ts'
import type { BatchReport } from '../../engine/scan/batchScan.ts'
import type { Remote } from '../../rpc/remote.ts'
import { EngineLosses } from './engineLosses.ts'
import type { EnginePool } from '../workers/enginePool.ts'
import type { ImageSet } from '../images/imageSet.ts'
import { type Loss, type RunOutcome, ScanRun } from './scanRun.ts'
import { type ScanProgress, ScanTally } from './scanTally.ts'
import { Watchdog } from '../workers/watchdog.ts'

export interface ScanJobOptions {
  readonly pool: Pick<EnginePool, 'replace' | 'markBroken'>
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
  readonly preprocessing: Preprocessing
  /** The most images that a pass may take; each engine chooses its own size. */
  readonly maxPassSize: number
  /** The first engine takes part. */
  readonly onReady: () => void
  /** What has just been taken into the results. */
  readonly onTaken: (report: BatchReport) => void
  /** Now and then while reports come in, and at the end. */
  readonly onProgress: () => void
  /** Between two reports: all that has come in is in results, mask and `skipped`. */
  readonly onSettled: (occasion: 'report' | 'pause') => Promise<void>
  /** An engine takes no part any more; the others go on. */
  readonly onMissing: (error: unknown) => void
  /** An engine was lost, and another one sits in its place. */
  readonly onReplaced: (loss: Loss) => void
}

/**
 * Milliseconds between two updates of the page while reports come in: often enough to watch, seldom enough that drawing
 * takes little from the scan. (2 cores, software compositing: two updates a second take 15 % of the machine.) At first
 * much is new each time; later most patches stay.
 */
const leastUpdateMs = 500
const mostUpdateMs = 3000
/** Of the time that the scan has taken so far. */
const updateShare = 0.3

export class ScanJob {
  readonly outcome: Promise<RunOutcome>
  readonly #options: ScanJobOptions
  readonly #run: ScanRun
  readonly #tally: ScanTally
  readonly #watchdog = new Watchdog()
  readonly #watch = new Stopwatch(0)
  /** Images that had been through when it began. */
  readonly #before: number
  #losses = new EngineLosses(0)
  #lastUpdate = 0
  #ready = false
  #paused = false
  #ended = false

  constructor(options: ScanJobOptions) {
    const { images, order, mask, results, skipped, onProgress, onSettled } = options
    this.#options = options
    this.#before = mask.count
    // Until an engine is ready.
    this.#watch.pause(0)
    this.#tally = new ScanTally(results, skipped)
    this.#run = new ScanRun({
      order,
      handleOf: images.handleOf,
      watchdog: this.#watchdog,
      onReport: async (report, engine, batch) => {
        await this.#tally.take(report, engine, performance.now())
        for (const image of batch) mask.add(image)
        this.#losses.forget()
        this.#options.onTaken(report)
        this.#update()
        await onSettled('report')
      },
      onSkip: (given) => {
        this.#tally.skip(given)
        mask.add(given.image)
        this.#update()
      },
      onDrained: () => void this.between(() => onSettled('pause')),
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
    this.#losses = new EngineLosses(engines.length)
    for (const ready of engines) void this.#staff(ready)
  }

  pause(): void {
    this.#paused = true
    this.#watch.pause(performance.now())
    this.#run.pause()
  }

  resume(): void {
    this.#paused = false
    this.#tally.resume()
    if (this.#ready) this.#watch.resume(performance.now())
    this.#run.resume()
  }

  /** What is under way is dropped; what has come in stays. */
  stop(): void {
    this.#run.stop()
  }

  /** Does this between two reports, when results, mask and `skipped` are of the same images. */
  between(task: () => Promise<void>): Promise<void> {
    return this.#run.between(task)
  }

  /** Whether an engine takes part. */
  get isReady(): boolean {
    return this.#ready
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

  /** Under way since the first engine was ready, pauses left out. */
  get seconds(): number {
    return this.#watch.elapsed(performance.now()) / 1000
  }

  /** Patches a channel, of the layer that keeps fewest. */
  get kept(): number {
    return Math.min(...this.#options.results.map(({ kept }) => kept))
  }

  /** So many patches of each channel are shown from now on. */
  show(k: number): void {
    for (const result of this.#options.results) result.show(k)
  }

  get skipped(): ReadonlyMap<number, string> {
    return this.#tally.skipped
  }

  /** What engines and results take now. */
  get bytes(): number {
    return this.#tally.bytes
  }

  /** One engine's place, from the start to the end of the scan: whoever fails there is replaced. */
  async #staff(first: Promise<Remote<Engine>>): Promise<void> {
    const before = { outOfMemory: false }
    for (let ready = first; ;) {
      let engine: Remote<Engine> | null = null
      let loss: Loss | null
      try {
        engine = await ready
        loss = await this.#work(engine)
      } catch (error) {
        loss = { error, images: 0 }
      }
      // Stopped or ended meanwhile: nobody waits for this engine.
      if (loss === null || this.#ended) return
      const verdict = this.#losses.judge(loss.error, before)
      if (verdict === 'fail') return this.#run.fail(loss.error)
      if (engine !== null && verdict !== 'replace') this.#options.pool.markBroken(engine)
      if (verdict === 'exhausted') return this.#giveUp(loss.error)
      if (engine === null || verdict === 'leave') return this.#leave(loss.error)
      this.#tally.dismiss(engine)
      ready = this.#replaced(engine, loss)
    }
  }

  /** Until it is lost, or null at the end. */
  async #work(engine: Remote<Engine>): Promise<Loss | null> {
    const { layers, preprocessing, maxPassSize } = this.#options
    const begun = await this.#guarded(engine.beginScan({ layers, preprocessing, maxPassSize }))
    if (this.#ended) return null
    if (!this.#ready) {
      this.#ready = true
      if (!this.#paused) this.#watch.resume(performance.now())
      this.#options.onReady()
    }
    return this.#run.join(engine, begun.firstBatch)
  }

  async #replaced(engine: Remote<Engine>, loss: Loss): Promise<Remote<Engine>> {
    const fresh = await this.#guarded(this.#options.pool.replace(engine))
    if (!this.#ended) this.#options.onReplaced(loss)
    return fresh
  }

  #guarded<T>(preparation: Promise<T>): Promise<T> {
    return this.#watchdog.guard(preparation, (seconds) => appError('worker/hung', { seconds }))
  }

  /** The others go on without it. */
  #leave(error: unknown): void {
    if (this.#losses.leaveOne() > 0) this.#options.onMissing(error)
    else this.#giveUp(error)
  }

  #giveUp(error: unknown): void {
    this.#run.fail(this.#losses.whyNobodyIsLeft(error))
  }

  #update(): void {
    const now = performance.now()
    const pause = Math.min(Math.max(leastUpdateMs, updateShare * this.#watch.elapsed(now)), mostUpdateMs)
    if (now - this.#lastUpdate <= pause) return
    this.#lastUpdate = now
    this.#options.onProgress()
  }
}
