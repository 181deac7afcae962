/**
 * @file One run over the images: hands batches of them to the engines as they ask, and their reports on. Engines never
 * wait for each other, and the order in which reports come in has no influence on the result. What a lost engine had in
 * hand is handed out again, and every batch is taken in once.
 */
import { appError, clause, codeOf, messageOf } from '../../core/errors.ts'
import type { BatchReport } from '../../engine/scan/batchScan.ts'
import type { BatchItem, SkippedImage } from '../../engine/images/decodeBatch.ts'
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import { BatchQueue, type Batch } from './batchQueue.ts'
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
  /** Called shortly before the image is handed out. One that cannot be opened is skipped with the reason. */
  readonly handleOf: (image: number) => Promise<ImageHandle>
  /** `images`: those of the batch, also the skipped ones. The next report waits until this one is taken in. */
  readonly onReport: (report: BatchReport, engine: BatchEngine, images: Uint32Array) => Promise<void> | void
  /** An image that takes its worker down, where others come through. */
  readonly onSkip: (skipped: SkippedImage) => void
  /** Paused, and all that was under way has come in. */
  readonly onDrained?: () => void
  /** Right after the last report, before `outcome` settles. */
  readonly onEnd: () => void
  readonly watchdog: Watchdog
}

/**
 * Batches an engine holds at a time: one runs, one is decoded, and one is on its way, so that a pass that blocks the
 * worker never waits for the page.
 */
const batchesPerEngine = 3

interface Member {
  readonly engine: BatchEngine
  /** Images a pass, as its last report says. */
  passSize: number
  readonly inHand: Set<Batch>
  /** Reports that have come in and wait to be taken in. */
  arrived: number
  /** It takes no part any more; null where the run has ended. */
  readonly leave: (loss: Loss | null) => void
}

export class ScanRun {
  readonly outcome: Promise<RunOutcome>
  readonly #options: RunOptions
  readonly #queue: BatchQueue
  readonly #members = new Map<BatchEngine, Member>()
  #settle!: (outcome: RunOutcome) => void
  /** Reports are taken in one after the other, and what must not fall into one comes between two. */
  #line: Promise<void> = Promise.resolve()
  #inLine = 0
  /** Images that nobody could be found to scan; whether that is their fault, the next report says. */
  readonly #givenUp: SkippedImage[] = []
  #paused = false
  #ended = false

  constructor(options: RunOptions) {
    this.#options = options
    this.#queue = new BatchQueue(options.order)
    this.outcome = new Promise((resolve) => (this.#settle = resolve))
    // Over no images.
    queueMicrotask(() => this.#finishIfDone())
  }

  /**
   * From now on this engine takes part, first with so many images, then as its reports say: a scan need not wait for the
   * slowest worker to start. Resolves when it takes part no more: because it is lost, or with null at the end of the run.
   */
  join(engine: BatchEngine, passSize: number): Promise<Loss | null> {
    if (this.#ended) return Promise.resolve(null)
    return new Promise((leave) => {
      this.#members.set(engine, { engine, passSize, inHand: new Set(), arrived: 0, leave })
      // One for a start, so that a few batches are left for engines that come a little later.
      this.#feed(this.#members.get(engine)!)
    })
  }

  /** What is under way still comes in. */
  pause(): void {
    this.#paused = true
    this.#tellIfDrained()
  }

  resume(): void {
    this.#paused = false
    this.#feedAll()
  }

  /** What is under way is dropped; what has come in stays. */
  stop(): void {
    this.#end({ status: 'stopped' })
  }

  /** No engine is left, or none may go on. */
  fail(error: unknown): void {
    this.#end({ status: 'failed', error })
  }

  /** Does this between two reports: all layers know the same images then. */
  between(task: () => Promise<void>): Promise<void> {
    const done = this.#line.then(task)
    this.#line = done.catch(() => undefined)
    return done
  }

  #end(outcome: RunOutcome): void {
    if (this.#ended) return
    this.#ended = true
    for (const member of this.#members.values()) this.#options.watchdog.forget(member)
    // A report that is half taken in is taken in wholly.
    const settle = (): void => {
      this.#options.onEnd()
      this.#settle(outcome)
      for (const { leave } of this.#members.values()) leave(null)
    }
    if (this.#inLine === 0) settle()
    else void this.#line.then(settle)
  }

  #feedAll(): void {
    // Turn by turn, so that few batches are shared fairly.
    for (let round = 0; round < batchesPerEngine; round++)
      for (const member of this.#members.values()) if (load(member) <= round) this.#feed(member)
  }

  /** Whether there was a batch to hand out. */
  #feed(member: Member): boolean {
    if (this.#ended || this.#paused || load(member) >= batchesPerEngine) return false
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
    const { watchdog, onReport } = this.#options
    // Of an engine that was given up: its batch has gone to another one.
    if (this.#ended || !member.inHand.delete(batch)) return
    watchdog.heard(member)
    if (member.inHand.size === 0) watchdog.forget(member)
    member.passSize = report.passSize
    member.arrived++
    this.#inLine++
    this.between(async () => {
      // What was not begun before the end is as if it had not come in.
      if (this.#ended) return
      await onReport(report, member.engine, batch.images)
      this.#skipGivenUp()
    })
      // The report itself cannot be taken in.
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        member.arrived--
        this.#inLine--
        while (this.#members.has(member.engine) && this.#feed(member));
        this.#finishIfDone()
        this.#tellIfDrained()
      })
  }

  #lose(member: Member, error: unknown): void {
    if (this.#ended || this.#members.get(member.engine) !== member) return
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
    return this.#inLine === 0 && [...this.#members.values()].every(({ inHand }) => inHand.size === 0)
  }

  /** Where the run ends otherwise, they are still to be scanned. */
  #skipGivenUp(): void {
    for (const skipped of this.#givenUp.splice(0)) this.#options.onSkip(skipped)
  }

  #finishIfDone(): void {
    if (this.#ended || !this.#isIdle || !this.#queue.isEmpty) return
    this.#skipGivenUp()
    this.#end({ status: 'done' })
  }

  #tellIfDrained(): void {
    if (this.#paused && !this.#ended && this.#isIdle) this.#options.onDrained?.()
  }
}

function load({ inHand, arrived }: Member): number {
  return inHand.size + arrived
}
