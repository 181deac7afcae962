/**
 * @file One run over the images: hands batches to the engines as they ask for them, and their reports on. Engines
 * never wait for each other, and the order in which batches come back has no influence on the result.
 */
import { messageOf } from '../core/errors.ts'
import type { BatchReport } from '../engine/scan/batchScan.ts'
import type { BatchItem, SkippedImage } from '../engine/images/decodeBatch.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'

/** The one method of an engine that a run needs. */
export interface BatchEngine {
  scanBatch(items: readonly BatchItem[]): Promise<BatchReport>
}

export type RunOutcome =
  { readonly status: 'done' | 'stopped' } | { readonly status: 'failed'; readonly error: unknown }

export interface RunOptions {
  /** Image numbers in scanning order. */
  readonly order: Uint32Array
  readonly batchSize: number
  /** Called shortly before the image is handed out. One that cannot be opened is skipped with the reason. */
  readonly handleOf: (image: number) => Promise<ImageHandle>
  /** `images`: those of the batch, also the skipped ones. */
  readonly onReport: (report: BatchReport, engine: BatchEngine, images: Uint32Array) => void
  /** Right after the last report, before `outcome` settles. */
  readonly onEnd: () => void
}

/**
 * Batches an engine holds at a time: one runs, one is decoded, and one is on its way, so that a pass that blocks the
 * worker never waits for the page.
 */
const batchesPerEngine = 3

export class ScanRun {
  readonly outcome: Promise<RunOutcome>
  readonly #options: RunOptions
  #end!: (outcome: RunOutcome) => void
  #next = 0
  /** Batches under way, by engine. */
  readonly #outstanding = new Map<BatchEngine, number>()
  #paused = false
  #ended = false

  constructor(options: RunOptions) {
    this.#options = options
    this.outcome = new Promise((resolve) => {
      this.#end = (outcome) => {
        if (this.#ended) return
        this.#ended = true
        options.onEnd()
        resolve(outcome)
      }
    })
    if (options.order.length === 0) this.#end({ status: 'done' })
  }

  /** From now on this engine takes part: a scan need not wait for the slowest worker to start. */
  join(engine: BatchEngine): void {
    this.#outstanding.set(engine, 0)
    // One for a start, so that a few batches are left for engines that come a little later.
    this.#feed(engine)
  }

  /** Batches under way still come in. */
  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#feedAll()
  }

  /** What is under way is dropped; what has come in stays. */
  stop(): void {
    this.#end({ status: 'stopped' })
  }

  /** An engine could not even begin. */
  fail(error: unknown): void {
    this.#end({ status: 'failed', error })
  }

  #feedAll(): void {
    // Turn by turn, so that few batches are shared fairly.
    for (let round = 0; round < batchesPerEngine; round++)
      for (const [engine, count] of this.#outstanding) if (count <= round) this.#feed(engine)
  }

  /** Whether there was a batch to hand out. */
  #feed(engine: BatchEngine): boolean {
    const { order, batchSize } = this.#options
    if (this.#ended || this.#paused || this.#next >= order.length) return false
    const images = order.subarray(this.#next, this.#next + batchSize)
    this.#next += images.length
    this.#outstanding.set(engine, this.#outstanding.get(engine)! + 1)
    this.#scan(engine, images)
      .then((report) => {
        this.#outstanding.set(engine, this.#outstanding.get(engine)! - 1)
        if (this.#ended) return
        this.#options.onReport(report, engine, images)
        while (this.#outstanding.get(engine)! < batchesPerEngine && this.#feed(engine));
        this.#finishIfDone()
      })
      // Also where the report itself cannot be taken in.
      .catch((error: unknown) => this.fail(error))
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

  #finishIfDone(): void {
    const idle = [...this.#outstanding.values()].every((count) => count === 0)
    if (idle && this.#next >= this.#options.order.length) this.#end({ status: 'done' })
  }
}
