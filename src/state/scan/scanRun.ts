/**
 * @file One run over the images: hands batches of them to the engines as they ask, and their reports on. Engines never
 * wait for each other, and the order in which reports come in has no influence on the result. What a lost engine had in
 * hand is handed out again, and every batch is taken in once.
 */
import { appError, clause, codeOf, messageOf } from '../../core/errors.ts'
import type { InTurn } from '../../core/timing/inTurn.ts'
import type { BatchReport } from '../../engine/scan/batchScan.ts'
import type { BatchItem, SkippedImage } from '../../engine/images/decodeBatch.ts'
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import { type Batch, BatchQueue } from './batchQueue.ts'
import type { OnScanEvent } from './scanEvents.ts'
import type { ScanTally } from './scanTally.ts'
import type { Watchdog } from '../workers/watchdog.ts'

/** The one method of an engine that a run needs. */
export interface BatchEngine {
  scanBatch(items: readonly BatchItem[]): Promise<BatchReport>
}

export type RunOutcome =
  { readonly status: 'done' | 'stopped' } | { readonly status: 'failed'; readonly error: unknown }

/** An engine that failed, and how many images it had in hand. */
export interface Loss {
  readonly error: unknown
  readonly images: number
}

export interface RunOptions {
  /** Image numbers in scanning order. */
  readonly order: Uint32Array
  /** Called shortly before the image is handed out. An image that cannot be opened is skipped with the reason. */
  readonly handleOf: (image: number) => Promise<ImageHandle>
  /** Takes in the reports; the next report waits until this one is taken in. */
  readonly tally: Pick<ScanTally, 'take' | 'skip'>
  /** The queue in which reports are taken in; what must not fall into one of them goes through it as well. */
  readonly inTurn: InTurn
  readonly watchdog: Watchdog
  readonly on: OnScanEvent
}

/** How far a run is. A pause remembers how it goes on. */
type Stage =
  | { readonly status: 'preparing' | 'running' }
  | { readonly status: 'paused'; readonly goesOn: 'preparing' | 'running' }
  | RunOutcome

/**
 * The number of batches that an engine holds at a time: one runs, one is decoded, and one is on its way, so that a pass
 * that blocks the worker never waits for the page.
 */
const batchesPerEngine = 3

interface Member {
  readonly engine: BatchEngine
  /** The number of images in a pass, as its last report says. */
  passSize: number
  readonly inHand: Set<Batch>
  /** The number of its reports that have come in and wait to be taken in. */
  arrived: number
  /** Ends its part in the run; the loss is null if the run has ended. */
  readonly leave: (loss: Loss | null) => void
}

export class ScanRun {
  readonly outcome: Promise<RunOutcome>
  readonly #options: RunOptions
  readonly #queue: BatchQueue
  readonly #members = new Map<BatchEngine, Member>()
  #settle!: (outcome: RunOutcome) => void
  /** The number of reports that have come in and are not taken in yet. */
  #arrived = 0
  /** Images that no engine could scan. Whether that is their own fault shows when another report comes in. */
  readonly #givenUp: SkippedImage[] = []
  #stage: Stage = { status: 'preparing' }

  constructor(options: RunOptions) {
    this.#options = options
    this.#queue = new BatchQueue(options.order)
    this.outcome = new Promise((resolve) => (this.#settle = resolve))
    // For a run over no images.
    queueMicrotask(() => this.#finishIfDone())
  }

  get status(): Stage['status'] {
    return this.#stage.status
  }

  get hasEnded(): boolean {
    const { status } = this.#stage
    return status === 'done' || status === 'stopped' || status === 'failed'
  }

  /**
   * From now on this engine takes part, first with batches of `firstBatch` images, then as its reports say: a scan need not
   * wait for the slowest worker to start. Resolves with the loss when it is lost, or with null at the end of the run.
   */
  join(engine: BatchEngine, firstBatch: number): Promise<Loss | null> {
    if (this.hasEnded) return Promise.resolve(null)
    this.#begin()
    return new Promise((leave) => {
      this.#members.set(engine, { engine, passSize: firstBatch, inHand: new Set(), arrived: 0, leave })
      // One for a start, so that a few batches are left for engines that come a little later.
      this.#feed(this.#members.get(engine)!)
    })
  }

  /** Batches that are under way still come in. */
  pause(): void {
    const { status } = this.#stage
    if (status !== 'preparing' && status !== 'running') return
    this.#stage = { status: 'paused', goesOn: status }
    // What is under way may take long to come in, and the page may be left before.
    this.#tellPaused()
  }

  resume(): void {
    if (this.#stage.status !== 'paused') return
    this.#stage = { status: this.#stage.goesOn }
    this.#feedAll()
  }

  /** Batches that are under way are dropped; reports that have come in stay. */
  stop(): void {
    this.#end({ status: 'stopped' })
  }

  /** Ends the run if no engine is left, or none may go on. */
  fail(error: unknown): void {
    this.#end({ status: 'failed', error })
  }

  /** The first engine takes part. */
  #begin(): void {
    if (this.#stage.status === 'preparing') this.#stage = { status: 'running' }
    else if (this.#stage.status === 'paused' && this.#stage.goesOn === 'preparing')
      this.#stage = { status: 'paused', goesOn: 'running' }
    else return
    void this.#options.on({ kind: 'ready' })
  }

  #end(outcome: RunOutcome): void {
    if (this.hasEnded) return
    this.#stage = outcome
    for (const member of this.#members.values()) this.#options.watchdog.forget(member)
    const settle = (): void => {
      void this.#options.on({ kind: 'ended' })
      this.#settle(outcome)
      for (const { leave } of this.#members.values()) leave(null)
    }
    // A report that is half taken in is taken in wholly.
    if (this.#arrived === 0) settle()
    else void this.#options.inTurn(settle)
  }

  #feedAll(): void {
    // Turn by turn, so that few batches are shared fairly.
    for (let round = 0; round < batchesPerEngine; round++)
      for (const member of this.#members.values()) if (load(member) <= round) this.#feed(member)
  }

  /** Whether there was a batch to hand out. */
  #feed(member: Member): boolean {
    if (this.status !== 'running' || load(member) >= batchesPerEngine) return false
    const batch = this.#queue.take(member.passSize, [...member.inHand], this.#members.size)
    if (!batch) return false
    if (member.inHand.size === 0)
      this.#options.watchdog.watch(member, (seconds) =>
        this.#lose(member, appError('worker/hung', { seconds })),
      )
    member.inHand.add(batch)
    this.#scan(member.engine, batch.images).then(
      (report) => this.#arrive(member, batch, report),
      (error: unknown) => this.#lose(member, error),
    )
    return true
  }

  async #scan(engine: BatchEngine, images: Uint32Array): Promise<BatchReport> {
    const items: BatchItem[] = []
    const skipped: SkippedImage[] = []
    const opened = await Promise.allSettled(Array.from(images, (image) => this.#options.handleOf(image)))
    for (const [i, result] of opened.entries()) {
      const image = images[i]!
      if (result.status === 'fulfilled') items.push({ image, handle: result.value })
      else skipped.push({ image, reason: messageOf(result.reason) })
    }
    const report = await engine.scanBatch(items)
    return skipped.length > 0 ? { ...report, skipped: [...report.skipped, ...skipped] } : report
  }

  #arrive(member: Member, batch: Batch, report: BatchReport): void {
    const { watchdog, inTurn } = this.#options
    // If its engine was given up, the batch has gone to another one.
    if (this.hasEnded || !member.inHand.delete(batch)) return
    watchdog.heard(member)
    if (member.inHand.size === 0) watchdog.forget(member)
    member.passSize = report.passSize
    member.arrived++
    this.#arrived++
    inTurn(() => this.#takeIn(report, member.engine, batch.images))
      // A report that makes no sense ends the run.
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        member.arrived--
        this.#arrived--
        while (this.#members.has(member.engine) && this.#feed(member));
        this.#finishIfDone()
        this.#tellIfDrained()
      })
  }

  async #takeIn(report: BatchReport, engine: BatchEngine, images: Uint32Array): Promise<void> {
    const { tally, on } = this.#options
    // If the run ended before its turn, the report is as if it had not come in.
    if (this.hasEnded) return
    await tally.take(report, engine, images)
    void on({ kind: 'taken', report })
    await on({ kind: 'settled', occasion: 'report' })
    this.#skipGivenUp()
  }

  #lose(member: Member, error: unknown): void {
    if (this.hasEnded || this.#members.get(member.engine) !== member) return
    this.#members.delete(member.engine)
    this.#options.watchdog.forget(member)
    const batches = [...member.inHand]
    member.inHand.clear()
    // It is no image's fault that memory is short.
    const isBlamed = codeOf(error) !== 'backend/out-of-memory'
    const reason = clause('images/stops-worker', { reason: messageOf(error) })
    for (const image of this.#queue.takeBack(batches, isBlamed)) this.#givenUp.push({ image, reason })
    member.leave({ error, images: batches.reduce((sum, { images }) => sum + images.length, 0) })
    this.#feedAll()
    this.#finishIfDone()
  }

  get #isIdle(): boolean {
    return this.#arrived === 0 && [...this.#members.values()].every(({ inHand }) => inHand.size === 0)
  }

  /** If the run ends otherwise, these images are still to be scanned. */
  #skipGivenUp(): void {
    if (this.#givenUp.length === 0) return
    for (const skipped of this.#givenUp.splice(0)) this.#options.tally.skip(skipped)
    void this.#options.on({ kind: 'skipped' })
  }

  #finishIfDone(): void {
    if (this.hasEnded || !this.#isIdle || !this.#queue.isEmpty) return
    this.#skipGivenUp()
    this.#end({ status: 'done' })
  }

  /** Tells when all that was under way at a pause has come in. */
  #tellIfDrained(): void {
    if (this.#stage.status === 'paused' && this.#isIdle) this.#tellPaused()
  }

  #tellPaused(): void {
    const { inTurn, on } = this.#options
    void inTurn(() => on({ kind: 'settled', occasion: 'pause' }))
  }
}

function load({ inHand, arrived }: Member): number {
  return inHand.size + arrived
}
