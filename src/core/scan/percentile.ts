/**
 * @file Says how rare a value is for a channel: which share of the scanned images has a lower maximum. It is read from the
 * channel's histogram, so it is known as a range: images in the value's own bin may lie below it or not.
 */
import type { HistogramBin } from './maximaHistogram.ts'
import { type Histogram, histogram } from './statistics/histogram.ts'
import type { ReadableResult } from './statistics/statistic.ts'

/** The share of images (0 … 1) whose maximum is lower than a value lies between `from` and `to`, both included. */
export interface Percentile {
  readonly from: number
  readonly to: number
}

/**
 * Images without a number, whose maximum is -Infinity, are not counted. Returns null if no image is counted, or if the value
 * is not a number or -Infinity itself.
 */
export function percentileOf({ bins, infinite }: Histogram, value: number): Percentile | null {
  if (Number.isNaN(value) || value === -Infinity) return null
  let below = 0
  let own = 0
  let all = infinite
  for (const bin of bins) {
    all += bin.count
    if (isIn(bin, value)) own += bin.count
    else if (bin.to <= value) below += bin.count
  }
  return all === 0 ? null : { from: below / all, to: (below + own) / all }
}

/** A bin includes the edge that is nearer to zero, and that of zero includes none. */
function isIn({ from, to, negative, number }: HistogramBin, value: number): boolean {
  if (number === null) return value > from && value < to
  return negative ? value > from && value <= to : value >= from && value < to
}

/** The percentiles of a layer. Histograms are read once, until more images are scanned. */
export class Percentiles {
  readonly #result: ReadableResult
  readonly #histograms = new Map<number, Histogram | null>()
  #scanned = -1

  constructor(result: ReadableResult) {
    this.#result = result
  }

  /** Returns null as `percentileOf` does, and if the channel's histogram is not known. */
  of(channel: number, value: number): Percentile | null {
    const result = this.#result
    if (result.scanned !== this.#scanned) {
      this.#histograms.clear()
      this.#scanned = result.scanned
    }
    if (!this.#histograms.has(channel)) this.#histograms.set(channel, result.of(histogram, channel))
    const known = this.#histograms.get(channel)!
    return known && percentileOf(known, value)
  }

  isDead(channel: number): boolean {
    return this.#result.isDead(channel)
  }
}
