/**
 * @file One run over the images: hands batches to the engines as they ask for them, and their reports on. Engines
 * never wait for each other, and the order in which batches come back has no influence on the result.
 */
import type { BatchReport } from '../engine/scan/batchScan.ts'
import type { BatchItem } from '../engine/images/decodeBatch.ts'

/** The one method of an engine that a run needs. */
export interface BatchEngine {
  scanBatch(items: readonly BatchItem[]): Promise<BatchReport>
}

export type RunOutcome = { readonly status: 'done' | 'stopped' } | { readonly status: 'failed'; readonly error: unknown }

export interface RunOptions {
  readonly engines: readonly BatchEngine[]
  /** Image numbers in scanning order. */
  readonly order: Uint32Array
  readonly batchSize: number
  readonly itemOf: (image: number) => BatchItem
  readonly onReport: (report: BatchReport, engine: number) => void
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
  #outstanding: number[]
  #paused = false
  #ended = false

  constructor(options: RunOptions) {
    this.#options = options
    this.#outstanding = options.engines.map(() => 0)
    this.outcome = new Promise((resolve) => {
      this.#end = (outcome) => {
        this.#ended = true
        resolve(outcome)
      }
    })
    this.#feedAll()
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

  #feedAll(): void {
    // Turn by turn, so that few batches are shared fairly.
    for (let round = 0; round < batchesPerEngine; round++)
      for (let e = 0; e < this.#outstanding.length; e++) if (this.#outstanding[e]! <= round) this.#feed(e)
    this.#finishIfDone()
  }

  #feed(engine: number): void {
    const { order, batchSize, itemOf, engines } = this.#options
    if (this.#ended || this.#paused || this.#next >= order.length) return
    const items = Array.from(order.subarray(this.#next, this.#next + batchSize), itemOf)
    this.#next += items.length
    this.#outstanding[engine]! += 1
    engines[engine]!.scanBatch(items).then(
      (report) => {
        this.#outstanding[engine]! -= 1
        if (this.#ended) return
        this.#options.onReport(report, engine)
        this.#feed(engine)
        this.#finishIfDone()
      },
      (error: unknown) => this.#end({ status: 'failed', error }),
    )
  }

  #finishIfDone(): void {
    if (this.#next >= this.#options.order.length && this.#outstanding.every((count) => count === 0))
      this.#end({ status: 'done' })
  }
}
