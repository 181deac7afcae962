/**
 * @file Which channels fire together: the Pearson correlation of their maxima over the same images, in double precision and two
 * passes, as `numpy.corrcoef` computes it. Over a sample of n images it differs from that over all images by (1 − r²)/√n at most
 * in one standard deviation: by 0.044 for n = 512 if there is no correlation, and by less the stronger it is.
 */
import type { SampledMaxima } from './statistics/sampledMaxima.ts'

export interface Correlations {
  /** The number of images that both samples have. */
  readonly images: number
  /**
   * For each channel of the other layer, from -1 to 1; NaN if one of the two channels has the same maximum in all of these images,
   * or one that is not finite.
   */
  readonly values: Float64Array
}

/** Correlates one channel with all channels of another layer, or of its own. O(images · channels). */
export function correlationsOf(layer: SampledMaxima, channel: number, other: SampledMaxima): Correlations {
  const own = new Map(Array.from(layer.images, (image, at) => [image, layer.rows[at]![channel]!]))
  const shared = [...other.images.keys()].filter((at) => own.has(other.images[at]!))
  const rows = shared.map((at) => other.rows[at]!)
  const deviations = centred(shared.map((at) => own.get(other.images[at]!)!))
  const { channels } = other
  const means = new Float64Array(channels)
  for (const row of rows) for (let c = 0; c < channels; c++) means[c]! += row[c]!
  for (let c = 0; c < channels; c++) means[c]! /= rows.length
  const squares = new Float64Array(channels)
  const values = new Float64Array(channels)
  for (const [at, row] of rows.entries()) {
    const deviation = deviations[at]!
    for (let c = 0; c < channels; c++) {
      const of = row[c]! - means[c]!
      squares[c]! += of * of
      values[c]! += deviation * of
    }
  }
  const ownSquares = deviations.reduce((sum, one) => sum + one * one, 0)
  // 0 / 0 and all that comes of an infinite maximum is NaN.
  for (let c = 0; c < channels; c++)
    values[c] = Math.max(-1, Math.min(1, values[c]! / Math.sqrt(ownSquares * squares[c]!)))
  return { images: rows.length, values }
}

function centred(numbers: readonly number[]): number[] {
  const mean = numbers.reduce((sum, one) => sum + one, 0) / numbers.length
  return numbers.map((one) => one - mean)
}

/** The indices of the `count` highest values, highest first and equal ones by index; NaN and `without` are left out. */
export function highestOf(values: Float64Array, count: number, without: number | null = null): number[] {
  const best: number[] = []
  for (const [index, value] of values.entries()) {
    if (index === without || Number.isNaN(value)) continue
    if (best.length === count && !(value > values[best.at(-1)!]!)) continue
    const rank = best.findIndex((one) => values[one]! < value)
    best.splice(rank < 0 ? best.length : rank, 0, index)
    if (best.length > count) best.pop()
  }
  return best
}

/** The nearest neighbours of some channels of a layer; lists are in step with `channels`. */
export interface Neighbours {
  /** The channels that have a correlation with others, by number. */
  readonly channels: Uint32Array
  /** For each channel itself and those nearest to it, nearest first, as indices into `channels`. */
  readonly indices: readonly (readonly number[])[]
  /** The distances to them, 1 − correlation. */
  readonly distances: readonly (readonly number[])[]
}

/**
 * Finds the `count` nearest channels of each, itself counted; there are fewer if there are not so many channels. `maxima` is
 * `[images, channels]`. O(images · channels²): a second for 2,048 channels.
 */
export function neighboursOf(channels: number, maxima: Float32Array, count: number): Neighbours {
  const { known, vectors, length } = standardized(channels, maxima)
  const n = known.length
  const kept = Math.min(count, n)
  const nearest = new Int32Array(n * kept)
  const distances = new Float64Array(n * kept).fill(Infinity)
  /** `from` gets `to` among its neighbours if it is near enough. */
  const offer = (from: number, to: number, distance: number): void => {
    const start = from * kept
    let at = start + kept - 1
    if (distance >= distances[at]!) return
    for (; at > start && distances[at - 1]! > distance; at--) {
      distances[at] = distances[at - 1]!
      nearest[at] = nearest[at - 1]!
    }
    distances[at] = distance
    nearest[at] = to
  }
  // Each is its own nearest, also if others fire just like it.
  for (let i = 0; i < n; i++) offer(i, i, -1)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      let product = 0
      for (let a = i * length, b = j * length, end = a + length; a < end; a++, b++)
        product += vectors[a]! * vectors[b]!
      const distance = Math.max(0, 1 - product)
      offer(i, j, distance)
      offer(j, i, distance)
    }
  const rows = [...known.keys()].map((i) => [i * kept, (i + 1) * kept] as const)
  return {
    channels: Uint32Array.from(known),
    indices: rows.map(([from, to]) => [...nearest.subarray(from, to)]),
    distances: rows.map(([from, to]) => [0, ...distances.subarray(from + 1, to)]),
  }
}

/** The channels that vary and are finite, and their maxima as vectors of mean 0 and length 1, one after the other. */
export function standardized(
  channels: number,
  maxima: Float32Array,
): { readonly known: readonly number[]; readonly vectors: Float64Array; readonly length: number } {
  const length = maxima.length / channels
  const vectors = new Float64Array(channels * length)
  const known: number[] = []
  for (let c = 0; c < channels; c++) {
    const vector = vectors.subarray(known.length * length, (known.length + 1) * length)
    let mean = 0
    for (let image = 0; image < length; image++) mean += maxima[image * channels + c]! / length
    let squares = 0
    for (let image = 0; image < length; image++) {
      vector[image] = maxima[image * channels + c]! - mean
      squares += vector[image]! ** 2
    }
    if (!Number.isFinite(squares) || isConstant(maxima, channels, c)) continue
    const norm = Math.sqrt(squares)
    for (let image = 0; image < length; image++) vector[image]! /= norm
    known.push(c)
  }
  return { known, vectors, length }
}

function isConstant(maxima: Float32Array, channels: number, channel: number): boolean {
  for (let at = channel; at < maxima.length; at += channels) if (maxima[at] !== maxima[channel]) return false
  return true
}
