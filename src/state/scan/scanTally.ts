/** @file What a run has found so far: reports go in, results grow, numbers for its progress come out. */
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { LayerResult } from '../../core/scan/layerResult.ts'
import { Pace } from '../../core/scan/progress.ts'
import type { SkippedImage } from '../../engine/images/decodeBatch.ts'
import type { BatchReport } from '../../engine/scan/batchScan.ts'
import { breather } from '../timing/breather.ts'

export class ScanTally {
  /** Image number → reason, of this run and of those before it. */
  readonly skipped: Map<number, string>
  readonly #results: readonly LayerResult[]
  readonly #mask: ImageMask
  readonly #pace = new Pace()
  readonly #backendBytes = new Map<object, number>()
  #done = 0
  /** The parts in which the latest report is taken in. */
  #taking: Iterator<void> | null = null

  /** `results` are in the order of the reports' summaries; `mask` gets all images that have been through. */
  constructor(results: readonly LayerResult[], mask: ImageMask, skipped: ReadonlyMap<number, string>) {
    this.#results = results
    this.#mask = mask
    this.skipped = new Map(skipped)
  }

  /**
   * Takes in the report of a batch of these images, also of those in it that were skipped. Works part by part and lets the
   * page live between two of them; one report at a time.
   */
  async take(report: BatchReport, engine: object, images: Uint32Array): Promise<void> {
    const breathe = breather()
    const parts = this.#parts(report, engine, images)
    this.#taking = parts
    for (const _ of parts) await breathe()
  }

  /** If a report is half taken in, takes in the rest at once: results, mask and skipped images are of the same images. */
  settle(): void {
    while (this.#taking?.next().done === false);
  }

  *#parts(report: BatchReport, engine: object, images: Uint32Array): Generator<void> {
    const now = performance.now()
    for (const [i, summary] of report.summaries.entries()) {
      yield* this.#results[i]!.absorbInParts(summary, report.images)
      yield
    }
    for (const { image, reason } of report.skipped) this.skipped.set(image, reason)
    for (const image of images) this.#mask.add(image)
    this.#done += report.images.length + report.skipped.length
    this.#backendBytes.set(engine, report.backendBytes)
    this.#pace.tick(now, this.#done)
  }

  /** Counts an image as done that cannot be scanned. */
  skip({ image, reason }: SkippedImage): void {
    this.skipped.set(image, reason)
    this.#mask.add(image)
    this.#done++
  }

  /** Forgets the memory of an engine that has ended. */
  dismiss(engine: object): void {
    this.#backendBytes.delete(engine)
  }

  /** Measures the pace anew, as after a pause. */
  resetPace(): void {
    this.#pace.reset()
  }

  /** The number of images of this run that went through or were skipped. */
  get done(): number {
    return this.#done
  }

  get imagesPerSecond(): number | null {
    return this.#pace.imagesPerSecond
  }

  /** The memory that engines and results take now. */
  get bytes(): number {
    const engines = [...this.#backendBytes.values()].reduce((sum, bytes) => sum + bytes, 0)
    return this.#results.reduce((sum, { bytes }) => sum + bytes, engines)
  }
}
