/**
 * @file One scan from Run to its end: engines join it, their reports grow its results, it can be paused, and engines
 * that fail are replaced while it goes on.
 */
import { appError } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import { Stopwatch } from '../../core/scan/progress.ts'
import type { InTurn } from '../../core/timing/inTurn.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Remote } from '../../rpc/remote.ts'
import { EngineLosses } from './engineLosses.ts'
import type { EnginePool } from '../workers/enginePool.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OnScanEvent, ScanEvent } from './scanEvents.ts'
import type { BegunPhase, ScanProgress } from './scanPhase.ts'
import { type Loss, type RunOutcome, ScanRun } from './scanRun.ts'
import { ScanTally } from './scanTally.ts'
import { Watchdog } from '../workers/watchdog.ts'

export interface ScanJobOptions {
  readonly pool: Pick<EnginePool, 'replace' | 'markBroken'>
  readonly images: Pick<ImageSet, 'handleOf'>
  /** The numbers of the images that are still to be scanned, in scanning order. */
  readonly order: Uint32Array
  /** The images that have been through before, and from now on. */
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
  /** The queue in which reports are taken in. */
  readonly inTurn: InTurn
  readonly on: OnScanEvent
}

/**
 * Milliseconds between two `progress` events while reports come in: often enough to watch, seldom enough that drawing
 * takes little from the scan. (2 cores, software compositing: two updates a second take 15 % of the machine.) At first
 * much is new each time; later most patches stay.
 */
const leastUpdateMs = 500
const mostUpdateMs = 3000
/** The pause between two updates as a part of the time that the scan has taken so far. */
const updateShare = 0.3

export class ScanJob {
  readonly outcome: Promise<RunOutcome>
  readonly #options: ScanJobOptions
  readonly #run: ScanRun
  readonly #tally: ScanTally
  readonly #watchdog = new Watchdog()
  /** Goes while the run does. */
  readonly #watch = new Stopwatch(0)
  /** The number of images that had been through when it began. */
  readonly #before: number
  #losses = new EngineLosses(0)
  #progress: ScanProgress
  #lastUpdate = 0

  constructor(options: ScanJobOptions) {
    const { images, order, mask, results, skipped, inTurn } = options
    this.#options = options
    this.#before = mask.count
    this.#watch.pause(0)
    this.#tally = new ScanTally(results, mask, skipped)
    this.#run = new ScanRun({
      order,
      handleOf: images.handleOf,
      tally: this.#tally,
      inTurn,
      watchdog: this.#watchdog,
      on: (event) => this.#hear(event),
    })
    this.outcome = this.#run.outcome
    this.#progress = this.#measure()
  }

  /** Each engine takes part as soon as it is ready; the job fails if none can. */
  start(engines: readonly Promise<Remote<Engine>>[]): void {
    this.#losses = new EngineLosses(engines.length)
    for (const ready of engines) void this.#staff(ready)
  }

  pause(): void {
    this.#watch.pause(performance.now())
    this.#run.pause()
  }

  resume(): void {
    if (this.#run.status !== 'paused') return
    // A pause says nothing about the pace.
    this.#tally.resetPace()
    this.#run.resume()
    this.#startWatch()
  }

  /** Batches that are under way are dropped; reports that have come in stay. */
  stop(): void {
    this.#run.stop()
    this.#progress = this.#measure()
  }

  fail(error: unknown): void {
    this.#run.fail(error)
  }

  /** Its numbers are those of the latest event that brought new ones. */
  get phase(): BegunPhase {
    const { status } = this.#run
    const progress = this.#progress
    if (status === 'preparing' || status === 'running' || status === 'paused') return { status, progress }
    return { status, progress, seconds: this.#seconds }
  }

  /** Patches a channel, of the layer that keeps fewest. */
  get kept(): number {
    return Math.min(...this.#options.results.map(({ kept }) => kept))
  }

  /** From now on the best `k` patches of each channel are shown. */
  show(k: number): void {
    for (const result of this.#options.results) result.show(k)
  }

  get skipped(): ReadonlyMap<number, string> {
    return this.#tally.skipped
  }

  /** Takes in at once what is half taken in. */
  settle(): void {
    this.#tally.settle()
  }

  /** The memory that engines and results take now. */
  get bytes(): number {
    return this.#tally.bytes
  }

  #hear(event: ScanEvent): Promise<void> | void {
    if (event.kind === 'ready') this.#startWatch()
    else if (event.kind === 'taken') this.#losses.forget()
    else if (event.kind === 'ended') {
      this.#watch.pause(performance.now())
      this.#progress = this.#measure()
    }
    // No report follows that would bring the numbers of the last ones.
    else if (event.kind === 'settled' && event.occasion === 'pause') this.#tellProgress()
    const handled = this.#options.on(event)
    if (event.kind === 'taken' || event.kind === 'skipped') this.#update()
    return handled
  }

  #startWatch(): void {
    if (this.#run.status === 'running') this.#watch.resume(performance.now())
  }

  /** The time since the first engine was ready, without pauses. */
  get #seconds(): number {
    return this.#watch.elapsed(performance.now()) / 1000
  }

  /** The pace is that of the last seconds while it runs, and of all of it afterwards. */
  #measure(): ScanProgress {
    const { names, order } = this.#options
    const { done, imagesPerSecond } = this.#tally
    return {
      layers: names,
      total: this.#before + order.length,
      done: this.#before + done,
      imagesPerSecond: this.#run.hasEnded ? done / Math.max(this.#seconds, 1e-3) : imagesPerSecond,
    }
  }

  #update(): void {
    const now = performance.now()
    const pause = Math.min(Math.max(leastUpdateMs, updateShare * this.#watch.elapsed(now)), mostUpdateMs)
    if (now - this.#lastUpdate > pause) this.#tellProgress()
  }

  #tellProgress(): void {
    this.#lastUpdate = performance.now()
    this.#progress = this.#measure()
    void this.#options.on({ kind: 'progress' })
  }

  /** Keeps the seat of one engine staffed from the start to the end of the scan: an engine that fails is replaced. */
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
      // If the run has ended meanwhile, this engine is not needed.
      if (loss === null || this.#run.hasEnded) return
      const verdict = this.#losses.judge(loss.error, before)
      if (verdict === 'fail') return this.#run.fail(loss.error)
      if (engine !== null && verdict !== 'replace') this.#options.pool.markBroken(engine)
      if (verdict === 'exhausted') return this.#giveUp(loss.error)
      if (engine === null || verdict === 'leave') return this.#leave(loss.error)
      this.#tally.dismiss(engine)
      ready = this.#replaced(engine, loss)
    }
  }

  /** Resolves with the loss of the engine, or with null at the end of the run. */
  async #work(engine: Remote<Engine>): Promise<Loss | null> {
    const { layers, preprocessing, maxPassSize } = this.#options
    const begun = await this.#guarded(engine.beginScan({ layers, preprocessing, maxPassSize }))
    return this.#run.join(engine, begun.firstBatch)
  }

  async #replaced(engine: Remote<Engine>, { error, images }: Loss): Promise<Remote<Engine>> {
    const fresh = await this.#guarded(this.#options.pool.replace(engine))
    if (!this.#run.hasEnded) void this.#options.on({ kind: 'replaced', error, images })
    return fresh
  }

  #guarded<T>(preparation: Promise<T>): Promise<T> {
    return this.#watchdog.guard(preparation, (seconds) => appError('worker/hung', { seconds }))
  }

  /** The others go on without it. */
  #leave(error: unknown): void {
    if (this.#losses.leaveOne() > 0) void this.#options.on({ kind: 'missing', error })
    else this.#giveUp(error)
  }

  #giveUp(error: unknown): void {
    this.#run.fail(this.#losses.whyNoneIsLeft(error))
  }
}
