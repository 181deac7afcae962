/**
 * @file Statistics of the numbers that a network gets for pictures, per input channel: range, mean, standard deviation
 * and histogram.
 */
import { normalizations } from './normalize.ts'
import type { Preprocessing } from './preprocessing.ts'

export interface InputStatistics {
  readonly images: number
  /** The number of pictures that could not be read. */
  readonly skipped: number
  /** The histograms span `low` … `high`: the lowest and the highest value that a pixel of any picture can become. */
  readonly low: number
  readonly high: number
  readonly channels: readonly InputChannelStatistics[]
}

export interface InputChannelStatistics {
  /** The values that a black and a white pixel become. */
  readonly black: number
  readonly white: number
  readonly min: number
  readonly max: number
  readonly mean: number
  /** The standard deviation over all pixels of all images. */
  readonly std: number
  /** The number of values in each of `histogramBins` equal parts of `low` … `high`. */
  readonly histogram: readonly number[]
}

export const histogramBins = 48

/** Adds up images one by one. Sums are in double precision, so that they stay right for millions of pixels. */
export class InputTally {
  readonly #ends: readonly (readonly [black: number, white: number])[]
  readonly #low: number
  readonly #high: number
  readonly #min: Float64Array
  readonly #max: Float64Array
  readonly #sum: Float64Array
  readonly #squares: Float64Array
  readonly #histograms: Uint32Array
  #values = 0
  #images = 0

  /** Throws `setting/channels`. */
  constructor(preprocessing: Preprocessing, channels: number) {
    this.#ends = normalizations(preprocessing, channels).map(({ ofByte }) => [ofByte[0]!, ofByte[255]!])
    this.#low = Math.min(...this.#ends.flat())
    this.#high = Math.max(...this.#ends.flat())
    this.#min = new Float64Array(channels).fill(Infinity)
    this.#max = new Float64Array(channels).fill(-Infinity)
    this.#sum = new Float64Array(channels)
    this.#squares = new Float64Array(channels)
    this.#histograms = new Uint32Array(channels * histogramBins)
  }

  /** Adds one image, `[H, W, C]`. */
  add(input: Float32Array): void {
    const channels = this.#sum.length
    const perUnit = histogramBins / (this.#high - this.#low)
    for (let i = 0; i < input.length; i += channels)
      for (let c = 0; c < channels; c++) {
        const value = input[i + c]!
        if (value < this.#min[c]!) this.#min[c] = value
        if (value > this.#max[c]!) this.#max[c] = value
        this.#sum[c]! += value
        this.#squares[c]! += value * value
        const bin = Math.floor((value - this.#low) * perUnit)
        this.#histograms[c * histogramBins + Math.max(0, Math.min(bin, histogramBins - 1))]! += 1
      }
    this.#values += input.length / channels
    this.#images += 1
  }

  statistics(skipped: number): InputStatistics {
    return {
      images: this.#images,
      skipped,
      low: this.#low,
      high: this.#high,
      channels: this.#ends.map(([black, white], c) => {
        const mean = this.#sum[c]! / this.#values
        return {
          black,
          white,
          min: this.#min[c]!,
          max: this.#max[c]!,
          mean,
          std: Math.sqrt(Math.max(0, this.#squares[c]! / this.#values - mean * mean)),
          histogram: [...this.#histograms.subarray(c * histogramBins, (c + 1) * histogramBins)],
        }
      }),
    }
  }
}

/**
 * Draws an input `[H, W, C]` as a picture, RGBA `[H, W, 4]`: its lowest number becomes black, its highest white. The
 * channels keep the network's order, so if the network takes blue first, the picture shows blue as red.
 */
export function drawnInput(input: Float32Array, channels: number): Uint8ClampedArray<ArrayBuffer> {
  let min = Infinity
  let max = -Infinity
  for (const value of input) {
    if (value < min) min = value
    if (value > max) max = value
  }
  const scale = max > min ? 255 / (max - min) : 0
  const rgba = new Uint8ClampedArray((input.length / channels) * 4)
  for (let i = 0, o = 0; i < input.length; i += channels, o += 4) {
    for (let c = 0; c < 3; c++) rgba[o + c] = (input[i + (channels === 1 ? 0 : c)]! - min) * scale
    rgba[o + 3] = 255
  }
  return rgba
}
