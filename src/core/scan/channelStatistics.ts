/** @file What a scan counts of each channel on the way: the distribution of the images' maxima, and how often units fire. */
import type { ChannelSummary } from './channelSummary.ts'
import { ExactMoments, unitExponent } from './exactSum.ts'
import type { ColumnsSnapshot } from './lazyColumns.ts'
import { type HistogramBin, type HistogramSnapshot, MaximaHistogram } from './maximaHistogram.ts'
import { ratio } from './ratio.ts'

export interface Statistics {
  /** Images whose maximum is finite: the mean, the spread and the histogram are of these. */
  readonly images: number
  /** Images whose maximum is infinite. */
  readonly infinite: number
  /** Of the maxima, rounded once; null where there are none. */
  readonly mean: number | null
  /** Their population standard deviation, right to the last bit or the one before it. */
  readonly spread: number | null
  /** Images with a unit above 0. */
  readonly firingImages: number
  /** Units above 0 in all images together; exact below 2^53. */
  readonly firingUnits: number
  /** Those that are not empty, from the lowest to the highest. */
  readonly histogram: readonly HistogramBin[]
}

export class ChannelStatistics {
  readonly #moments: ExactMoments
  readonly #histogram: MaximaHistogram
  /** Both `[channels]`. */
  readonly #firingImages: Uint32Array
  readonly #firingUnits: Float64Array

  constructor(channels: number) {
    this.#moments = new ExactMoments(channels)
    this.#histogram = new MaximaHistogram(channels)
    this.#firingImages = new Uint32Array(channels)
    this.#firingUnits = new Float64Array(channels)
  }

  /** One image: `summary`'s numbers from `from` to `to`; `bits` is the memory of its maxima. */
  addRow({ max, firing }: ChannelSummary, bits: Uint32Array, from: number, to: number): void {
    this.#moments.addRow(max, bits, from, to)
    this.#histogram.addRow(bits, from, to)
    for (let i = from, c = 0; i < to; i++, c++) {
      const bit = bits[i]! | 0
      // 1 where the maximum is above 0. Half of all branches here would be guessed wrong.
      this.#firingImages[c]! += (-bit & ~bit) >>> 31
      this.#firingUnits[c]! += firing[i]!
    }
  }

  of(channel: number): Statistics {
    const histogram = this.#histogram.bins(channel)
    const images = histogram.reduce((sum, { count }) => sum + count, 0)
    const n = BigInt(images)
    const { sum, squares } = this.#moments.total(channel)
    // As whole numbers: nothing is lost, and a constant channel has a spread of exactly 0.
    const scatter = n * squares - sum * sum
    return {
      images,
      infinite: this.#histogram.infinite(channel),
      mean: images === 0 ? null : ratio(sum, n, unitExponent),
      spread: images === 0 ? null : Math.sqrt(ratio(scatter, n * n, 2 * unitExponent)),
      firingImages: this.#firingImages[channel]!,
      firingUnits: this.#firingUnits[channel]!,
      histogram,
    }
  }

  snapshot(): StatisticsSnapshot {
    return {
      moments: this.#moments.snapshot(),
      histogram: this.#histogram.snapshot(),
      firingImages: this.#firingImages.slice(),
      firingUnits: this.#firingUnits.slice(),
    }
  }

  /** Adds other statistics to these. Throws `RangeError` where the snapshot is of another number of channels. */
  add(snapshot: StatisticsSnapshot): void {
    this.#moments.add(snapshot.moments)
    this.#histogram.add(snapshot.histogram)
    for (let c = 0; c < this.#firingUnits.length; c++) {
      this.#firingImages[c]! += snapshot.firingImages[c]!
      this.#firingUnits[c]! += snapshot.firingUnits[c]!
    }
  }

  get bytes(): number {
    const counts = this.#firingImages.byteLength + this.#firingUnits.byteLength
    return this.#moments.bytes + this.#histogram.bytes + counts
  }
}

export interface StatisticsSnapshot {
  readonly moments: ColumnsSnapshot<Float64Array>
  readonly histogram: HistogramSnapshot
  readonly firingImages: Uint32Array
  readonly firingUnits: Float64Array
}
