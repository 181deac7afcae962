/**
 * @file Which channels of two scans of a layer are put side by side: those of the same number, or those that are matched by the
 * correlation of the images' maxima, one to one so that the sum of correlations is greatest (Y. Li and others, "Convergent
 * Learning: Do different neural networks learn the same representations?", 2016). A correlation is known over the images that
 * both scans have in their samples; see `correlation` for its error.
 */
import { standardized } from '../scan/correlation.ts'
import type { SampledMaxima } from '../scan/statistics/sampledMaxima.ts'
import { assign } from './assignment.ts'

export interface ChannelPair {
  /** The channel's number in the scan before, and in the one after; null if there is none that goes with the other. */
  readonly before: number | null
  readonly after: number | null
  /** Pearson's, from -1 to 1; NaN if it is not known, or if one of the two has the same maximum in all images. */
  readonly correlation: number
}

export interface PairedLayer {
  readonly channels: number
  /** Is null if the scan does not know them, as one that was read of a results file. */
  readonly sample: SampledMaxima | null
}

/** The standardized maxima of both over the images that both have. O(images · channels). */
class Correlated {
  /** The number of images. */
  readonly images: number
  /** Where the vectors of channels begin; -1 for channels without a correlation. */
  readonly #before: Int32Array
  readonly #after: Int32Array
  readonly #beforeVectors: Float64Array
  readonly #afterVectors: Float64Array

  constructor(before: PairedLayer, after: PairedLayer) {
    const [a, b] = sharedRows(before.sample, after.sample)
    this.images = a.length
    const first = vectorsOf(a, before.channels)
    const second = vectorsOf(b, after.channels)
    this.#before = first.starts
    this.#beforeVectors = first.vectors
    this.#after = second.starts
    this.#afterVectors = second.vectors
  }

  of(before: number, after: number): number {
    const [a, b] = [this.#before[before]!, this.#after[after]!]
    if (a < 0 || b < 0) return Number.NaN
    const { images } = this
    const [u, v] = [this.#beforeVectors, this.#afterVectors]
    let product = 0
    for (let i = 0; i < images; i++) product += u[a + i]! * v[b + i]!
    return Math.max(-1, Math.min(1, product))
  }
}

type Rows = readonly Float32Array[]

function sharedRows(before: SampledMaxima | null, after: SampledMaxima | null): readonly [Rows, Rows] {
  if (!before || !after) return [[], []]
  const rowOf = new Map(Array.from(before.images, (image, at) => [image, before.rows[at]!]))
  const shared = [...after.images.keys()].filter((at) => rowOf.has(after.images[at]!))
  return [shared.map((at) => rowOf.get(after.images[at]!)!), shared.map((at) => after.rows[at]!)]
}

function vectorsOf(rows: Rows, channels: number): { starts: Int32Array; vectors: Float64Array } {
  const maxima = new Float32Array(rows.length * channels)
  for (const [at, row] of rows.entries()) maxima.set(row, at * channels)
  const starts = new Int32Array(channels).fill(-1)
  // Two images always lie on a line.
  if (rows.length < 3) return { starts, vectors: new Float64Array() }
  const { known, vectors, length } = standardized(channels, maxima)
  for (const [at, channel] of known.entries()) starts[channel] = at * length
  return { starts, vectors }
}

export interface ChannelPairs {
  readonly pairs: readonly ChannelPair[]
  /** The number of images over which they are correlated. */
  readonly images: number
}

/** In the order of numbers. Channels whose number the other layer does not have are alone. */
export function pairByNumber(before: PairedLayer, after: PairedLayer): ChannelPairs {
  const correlated = new Correlated(before, after)
  const count = Math.max(before.channels, after.channels)
  const pairs = Array.from({ length: count }, (_, number): ChannelPair => {
    const [a, b] = [before, after].map(({ channels }) => (number < channels ? number : null)) as [
      number | null,
      number | null,
    ]
    const isBoth = a !== null && b !== null
    return { before: a, after: b, correlation: isBoth ? correlated.of(a, b) : Number.NaN }
  })
  return { pairs, images: correlated.images }
}

/**
 * In the order of the numbers before; channels that nothing is left for, or that have no correlation with any, are alone, those
 * after come last. O(images · channels² + channels³) at worst: some seconds for two layers of 2,048, so a worker does it.
 */
export function matchChannels(before: PairedLayer, after: PairedLayer): ChannelPairs {
  const correlated = new Correlated(before, after)
  const [rows, columns] = [before.channels, after.channels]
  const found = new Float64Array(rows * columns)
  const weights = new Float64Array(rows * columns)
  for (let a = 0; a < rows; a++) {
    for (let b = 0; b < columns; b++) {
      const correlation = correlated.of(a, b)
      found[a * columns + b] = correlation
      // A channel without correlations counts as the worst partner, so that it takes none from others.
      weights[a * columns + b] = Number.isNaN(correlation) ? -1 : correlation
    }
  }
  const partner = assign({ rows, columns, weights })
  const isTaken = new Uint8Array(columns)
  const pairs = Array.from(partner, (b, a): ChannelPair => {
    const correlation = b < 0 ? Number.NaN : found[a * columns + b]!
    if (Number.isNaN(correlation)) return { before: a, after: null, correlation }
    isTaken[b] = 1
    return { before: a, after: b, correlation }
  })
  const alone = [...isTaken.keys()].filter((b) => isTaken[b] === 0)
  return {
    pairs: [...pairs, ...alone.map((b) => ({ before: null, after: b, correlation: Number.NaN }))],
    images: correlated.images,
  }
}
