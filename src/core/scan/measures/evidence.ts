/** @file What is known of one channel. Each part is looked up once, whichever measures ask for it. */
import type { ClassMean } from '../classMeans.ts'
import { type ClassShare, leadingClass } from '../classShares.ts'
import type { FoundEntry } from '../foundEntry.ts'
import type { HistogramBin } from '../maximaHistogram.ts'
import { type Activity, activity } from '../statistics/activity.ts'
import { classMeans } from '../statistics/classMeans.ts'
import { histogram } from '../statistics/histogram.ts'
import { type Maxima, maxima } from '../statistics/maxima.ts'
import type { ReadableResult } from '../statistics/statistic.ts'

export class Evidence {
  readonly result: ReadableResult
  readonly channel: number
  readonly #k: number
  readonly #classOf: Int32Array
  #top: readonly FoundEntry[] | null = null
  #bins: readonly HistogramBin[] | null | undefined
  #means: readonly ClassMean[] | null | undefined
  #leading: ClassShare | null | undefined

  /** `k` is how many top patches count, `classOf` the class of each image, -1 if it has none. */
  constructor(result: ReadableResult, channel: number, k: number, classOf: Int32Array) {
    this.result = result
    this.channel = channel
    this.#k = k
    this.#classOf = classOf
  }

  get isDead(): boolean {
    return this.result.isDead(this.channel)
  }

  /** The top patches, best first; none for a dead channel. */
  get top(): readonly FoundEntry[] {
    return (this.#top ??= this.result.top(this.channel, this.#k))
  }

  /** The bins of the histogram of the images' maxima that are not empty, lowest first; null if they are not known. */
  get bins(): readonly HistogramBin[] | null {
    if (this.#bins === undefined) this.#bins = this.result.of(histogram, this.channel)?.bins ?? null
    return this.#bins
  }

  /** The mean maximum of each class that has images; null if the layer has none. */
  get classMeans(): readonly ClassMean[] | null {
    if (this.#means === undefined) this.#means = this.result.of(classMeans, this.channel)
    return this.#means
  }

  /** The class that most of the top patches come from; null if there is none. */
  get leadingClass(): ClassShare | null {
    if (this.#leading === undefined)
      this.#leading = leadingClass(this.result, this.channel, this.#k, this.#classOf)
    return this.#leading
  }

  get activity(): Activity | null {
    return this.result.of(activity, this.channel)
  }

  get maxima(): Maxima | null {
    return this.result.of(maxima, this.channel)
  }
}
