/**
 * @file The maxima of all channels in a sample of the images (`HashSample`): which channels fire together is computed from them.
 * The sample is of the same images in all layers, whatever the order of the scan; with no more images than its size it is all.
 *
 * Results files do not have it: it would be most of what they hold.
 */
import { HashSample } from '../hashSample.ts'
import type { Accumulator, Rows, Statistic } from './statistic.ts'

/** The most images in the sample. */
export const mostSampled = 512

/** The most maxima of a layer, 4 MB: layers of more than 2,048 channels get fewer images. */
const mostMaxima = 2 ** 20

/** The number of images in the sample of a layer of so many channels. */
export function sampledImages(channels: number): number {
  return Math.min(mostSampled, Math.max(1, Math.floor(mostMaxima / channels)))
}

/** It is the layer's, the same for all of its channels, and grows with the scan: what is read of it holds until the next `await`. */
export interface SampledMaxima {
  readonly channels: number
  /** The sample's images, by hash. */
  readonly images: Int32Array
  /** For each of these images the maxima of all channels, `[images][channels]`: -Infinity for nothing but NaN. */
  readonly rows: readonly Float32Array[]
}

/** As it is stored: the sample's images by hash, and their maxima, `[images, channels]`. */
interface SampledSnapshot {
  readonly images: Int32Array
  readonly maxima: Float32Array
}

class MaximaSample implements Accumulator<SampledMaxima, SampledSnapshot> {
  readonly #channels: number
  readonly #images: HashSample
  /** `[size, channels]`, by the slots of the images. */
  readonly #maxima: Float32Array

  constructor(channels: number) {
    this.#channels = channels
    this.#images = new HashSample(sampledImages(channels))
    this.#maxima = new Float32Array(this.#images.size * channels)
  }

  addRows({ summary: { channels, max }, images, first, end }: Rows): void {
    for (let row = first; row < end; row++) this.#offer(images[row]!, max, row * channels)
  }

  #offer(image: number, max: Float32Array, from: number): void {
    const slot = this.#images.take(image)
    if (slot !== null) this.#maxima.set(max.subarray(from, from + this.#channels), slot * this.#channels)
  }

  of(): SampledMaxima {
    const { rows } = this.#images
    return {
      channels: this.#channels,
      images: Int32Array.from(rows, ({ image }) => image),
      rows: rows.map(({ slot }) => this.#row(slot)),
    }
  }

  #row(slot: number): Float32Array {
    return this.#maxima.subarray(slot * this.#channels, (slot + 1) * this.#channels)
  }

  snapshot(): SampledSnapshot {
    const { images, rows } = this.of()
    const maxima = new Float32Array(rows.length * this.#channels)
    for (const [at, row] of rows.entries()) maxima.set(row, at * this.#channels)
    return { images, maxima }
  }

  add({ images, maxima }: SampledSnapshot): void {
    if (maxima.length !== images.length * this.#channels)
      throw new RangeError(`a snapshot of ${maxima.length} maxima for ${this.#channels} channels`)
    for (const [row, image] of images.entries()) this.#offer(image, maxima, row * this.#channels)
  }

  get bytes(): number {
    return this.#maxima.byteLength
  }
}

export const sampledMaxima = {
  id: 'sampled',
  counted: {
    version: 1,
    begin: ({ channels }): Accumulator<SampledMaxima> => new MaximaSample(channels),
  },
  shown: (sample, { image }) => ({ ...sample, images: sample.images.map(image) }),
} as const satisfies Statistic<SampledMaxima>
