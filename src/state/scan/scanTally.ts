/** @file What a run has brought so far: reports go in, results grow, progress comes out. */
import type { LayerResult } from '../../core/scan/layerResult.ts'
import { Pace } from '../../core/scan/progress.ts'
import type { SkippedImage } from '../../engine/images/decodeBatch.ts'
import type { BatchReport } from '../../engine/scan/batchScan.ts'
import { breather } from '../timing/breather.ts'
import type { BatchEngine } from './scanRun.ts'

export interface ScanProgress {
  readonly layers: readonly string[]
  /** Images that went through or were skipped, also in a run that this one goes on with. */
  readonly done: number
  readonly total: number
  readonly imagesPerSecond: number | null
}

export class ScanTally {
  /** Image number → reason, of this run and of those before it. */
  readonly skipped: Map<number, string>
  readonly #results: readonly LayerResult[]
  readonly #pace = new Pace()
  readonly #backendBytes = new Map<BatchEngine, number>()
  #done = 0

  /** `results` in the order of the reports' summaries. */
  constructor(results: readonly LayerResult[], skipped: ReadonlyMap<number, string>) {
    this.#results = results
    this.skipped = new Map(skipped)
  }

  /** Part by part, with the page's life between. One report at a time. */
  async take(report: BatchReport, engine: BatchEngine, now: number): Promise<void> {
    const breathe = breather()
    for (const [i, summary] of report.summaries.entries()) {
      for (const _ of this.#results[i]!.absorbInParts(summary, report.images)) await breathe()
      await breathe()
    }
    for (const { image, reason } of report.skipped) this.skipped.set(image, reason)
    this.#done += report.images.length + report.skipped.length
    this.#backendBytes.set(engine, report.backendBytes)
    this.#pace.tick(now, this.#done)
  }

  skip({ image, reason }: SkippedImage): void {
    this.skipped.set(image, reason)
    this.#done++
  }

  /** What it held is free. */
  dismiss(engine: BatchEngine): void {
    this.#backendBytes.delete(engine)
  }

  /** A pause says nothing about the pace. */
  resume(): void {
    this.#pace.reset()
  }

  /** Images of this run that went through or were skipped. */
  get done(): number {
    return this.#done
  }

  get imagesPerSecond(): number | null {
    return this.#pace.imagesPerSecond
  }

  /** What engines and results take now. */
  get bytes(): number {
    const engines = [...this.#backendBytes.values()].reduce((sum, bytes) => sum + bytes, 0)
    return this.#results.reduce((sum, { bytes }) => sum + bytes, engines)
  }
}
