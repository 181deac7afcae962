/**
 * @file A histogram of numbers for each channel, as of the maxima of images, with edges that no data can move: eight bins
 * to each power of two, cut at the first three bits of the float32's fraction, the same below zero, and one bin for all
 * that is smaller than 2^-24.
 */
import { type ColumnsSnapshot, LazyColumns } from './lazyColumns.ts'

/** The number of bins of a power of two. */
export const perOctave = 8

/** Numbers below 2 to the power of minus this count as zero. */
const zeroExponent = 24

/** The exponent field of that number. */
const zeroField = 127 - zeroExponent

/** Numbers of a smaller size are in the bin of zero. */
export const zeroBound = 2 ** -zeroExponent

/** The exponent field of numbers that are not finite, and the bits of -Infinity. */
const infiniteField = 255
const minusInfinity = 0xff800000

/** The number of signs times that of exponents. */
export const signedExponents = 512

export interface HistogramBin {
  /**
   * 0 … 7: [1, 1.125) … [1.875, 2); 8: [2, 2.25); -8: [0.5, 0.5625). Below zero it is the number of the size. Null is the
   * bin of zero.
   */
  readonly number: number | null
  readonly negative: boolean
  /** The bin is `from ≤ x < to`; below zero it is `from < x ≤ to`, and that of zero is `from < x < to`. */
  readonly from: number
  readonly to: number
  readonly count: number
}

/** One more than a byte counts to. */
const perByte = 256

export class MaximaHistogram {
  readonly #zeros: Uint32Array
  /**
   * By sign and exponent: eight counts of each channel lie side by side. Each is a byte, so that those of eight channels
   * share a line of the processor's cache; how often the byte has run over is counted apart.
   */
  readonly #octaves: LazyColumns<Uint8Array>
  /** Has a column for each of those of `#octaves`. */
  readonly #overruns: LazyColumns<Uint32Array>

  constructor(channels: number) {
    const bins = channels * perOctave
    this.#zeros = new Uint32Array(channels)
    this.#overruns = new LazyColumns(signedExponents, () => new Uint32Array(bins))
    this.#octaves = new LazyColumns(signedExponents, (octave) => {
      this.#overruns.open(octave)
      return new Uint8Array(bins)
    })
  }

  /**
   * Counts the float32 whose bits are `bits[from … to)` for the channels from 0 on. -Infinity, which stands for an
   * image of nothing but NaN, is left out.
   */
  addRow(bits: Uint32Array, from: number, to: number): void {
    const { columns } = this.#octaves
    for (let i = from, c = 0; i < to; i++, c++) {
      const bit = bits[i]!
      const field = (bit >>> 23) & 255
      if (field < zeroField) {
        this.#zeros[c]! += 1
      } else if (bit !== minusInfinity) {
        const column = columns[bit >>> 23] ?? this.#octaves.open(bit >>> 23)
        const at = c * perOctave + ((bit >>> 20) & 7)
        column[at]! += 1
        if (column[at] === 0) this.#overruns.columns[bit >>> 23]![at]! += 1
      }
    }
  }

  /** The bins that are not empty, from the lowest numbers to the highest. */
  bins(channel: number): HistogramBin[] {
    const negative: HistogramBin[] = []
    const positive: HistogramBin[] = []
    for (const [octave] of this.#octaves.entries) {
      const field = octave & 255
      if (field === infiniteField) continue
      for (let part = 0; part < perOctave; part++) {
        const count = this.#count(octave, channel * perOctave + part)
        if (count === 0) continue
        const number = (field - 127) * perOctave + part
        if (octave > 255) negative.push(binOf(number, true, count))
        else positive.push(binOf(number, false, count))
      }
    }
    const count = this.#zeros[channel]!
    return [...negative.toReversed(), ...(count > 0 ? [binOf(null, false, count)] : []), ...positive]
  }

  /** How often a channel had Infinity. */
  infinite(channel: number): number {
    return this.#count(infiniteField, channel * perOctave)
  }

  #count(octave: number, at: number): number {
    const overruns = this.#overruns.columns[octave]?.[at] ?? 0
    return overruns * perByte + (this.#octaves.columns[octave]?.[at] ?? 0)
  }

  snapshot(): HistogramSnapshot {
    return {
      zeros: this.#zeros.slice(),
      octaves: this.#octaves.snapshot(),
      overruns: this.#overruns.snapshot((column) => column.some((count) => count > 0)),
    }
  }

  /** Adds another histogram to this one. Throws `RangeError` if the snapshot is of another number of channels. */
  add({ zeros, octaves, overruns }: HistogramSnapshot): void {
    for (const { index, own, column } of this.#octaves.pairs(octaves)) {
      const ownOverruns = this.#overruns.columns[index]!
      for (let at = 0; at < own.length; at++) {
        own[at]! += column[at]!
        // If it is less than was added, it has run over.
        if (own[at]! < column[at]!) ownOverruns[at]! += 1
      }
    }
    this.#overruns.add(overruns)
    for (const [channel, count] of zeros.entries()) this.#zeros[channel]! += count
  }

  get bytes(): number {
    return this.#zeros.byteLength + this.#octaves.bytes + this.#overruns.bytes
  }
}

export interface HistogramSnapshot {
  readonly zeros: Uint32Array
  /** Each count modulo 256. */
  readonly octaves: ColumnsSnapshot<Uint8Array>
  /** How often each has run over, of the columns in which any has. */
  readonly overruns: ColumnsSnapshot<Uint32Array>
}

export function binOf(number: number | null, negative: boolean, count: number): HistogramBin {
  if (number === null) return { number, negative: false, from: -zeroBound, to: zeroBound, count }
  const low = lowerEdge(number)
  const high = lowerEdge(number + 1)
  return negative
    ? { number, negative, from: -high, to: -low, count }
    : { number, negative, from: low, to: high, count }
}

/** The place of a bin in the row of all that there are: that of zero is 0, those below it are negative. */
export function placeOfBin({ number, negative }: HistogramBin): number {
  if (number === null) return 0
  const above = number + zeroExponent * perOctave + 1
  return negative ? -above : above
}

/** The bin at a place, without a count. */
export function binAt(place: number): HistogramBin {
  const number = Math.abs(place) - 1 - zeroExponent * perOctave
  return binOf(place === 0 ? null : number, place < 0, 0)
}

/** The lower edge of the bin of this number, above zero. */
export function lowerEdge(number: number): number {
  const octave = Math.floor(number / perOctave)
  return 2 ** octave * (1 + (number - octave * perOctave) / perOctave)
}

/**
 * The bin in which the number lies that a share `q` (0 … 1) of all is below; `bins` go from the lowest to the highest. The
 * quantile is known to the width of its bin: an eighth of its size at most. Is null if there are no bins.
 */
export function quantileBin(bins: readonly HistogramBin[], q: number): HistogramBin | null {
  const total = bins.reduce((sum, { count }) => sum + count, 0)
  let below = 0
  for (const bin of bins) {
    below += bin.count
    if (below >= q * total) return bin
  }
  return bins.at(-1) ?? null
}
