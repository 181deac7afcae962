/**
 * @file A small sample of the images (`HashSample`) with their maxima and where these lie: patches from the quantiles of a
 * channel are taken from them.
 *
 * Error: the share of a sample of 80 below a value differs from that of all images by 0.056 at most in one standard
 * deviation (√(q(1 − q)/80)), and for all values at once by less than 0.152 with 95 % certainty (the inequality of
 * Dvoretzky, Kiefer and Wolfowitz).
 */
import { HashSample } from './hashSample.ts'
import type { TopEntry } from './topK.ts'

type Positions = Uint16Array | Uint32Array

export const sampleSize = 80

export class ImageSample {
  readonly #channels: number
  readonly #images = new HashSample(sampleSize)
  /** Both `[sampleSize, channels]`, by the slots of the images. */
  readonly #maxima: Float32Array
  readonly #positions: Positions

  /** `units` is the number of units of a channel: all positions are below it. */
  constructor(channels: number, units: number) {
    this.#channels = channels
    this.#maxima = new Float32Array(sampleSize * channels)
    const count = sampleSize * channels
    this.#positions = units <= 2 ** 16 ? new Uint16Array(count) : new Uint32Array(count)
  }

  /** Takes in one image: its maxima and their positions are `max[from … to)` and `position[from … to)`. */
  offer(image: number, max: Float32Array, position: Positions, from: number, to: number): void {
    const slot = this.#images.take(image)
    if (slot === null) return
    this.#maxima.set(max.subarray(from, to), slot * this.#channels)
    this.#positions.set(position.subarray(from, to), slot * this.#channels)
  }

  /** The sample's images for a channel, lowest maximum first, then by number; those of nothing but NaN are left out. */
  sorted(channel: number): TopEntry[] {
    return this.#images.rows
      .map(({ image, slot }) => {
        const at = slot * this.#channels + channel
        return { image, activation: this.#maxima[at]!, position: this.#positions[at]! }
      })
      .filter(({ activation }) => activation > -Infinity)
      .toSorted((a, b) =>
        a.activation < b.activation ? -1 : a.activation > b.activation ? 1 : a.image - b.image,
      )
  }

  snapshot(): SampleSnapshot {
    const c = this.#channels
    const { rows } = this.#images
    const images = Int32Array.from(rows, ({ image }) => image)
    const maxima = new Float32Array(images.length * c)
    const positions = this.#positions.slice(0, images.length * c)
    for (const [row, { slot }] of rows.entries()) {
      maxima.set(this.#maxima.subarray(slot * c, (slot + 1) * c), row * c)
      positions.set(this.#positions.subarray(slot * c, (slot + 1) * c), row * c)
    }
    return { images, maxima, positions }
  }

  /** Offers the images of another sample. Throws `RangeError` if the snapshot is of another number of channels. */
  add({ images, maxima, positions }: SampleSnapshot): void {
    if (maxima.length !== images.length * this.#channels)
      throw new RangeError(`a snapshot of ${maxima.length} maxima for ${this.#channels} channels`)
    for (const [row, image] of images.entries())
      this.offer(image, maxima, positions, row * this.#channels, (row + 1) * this.#channels)
  }

  get bytes(): number {
    return this.#maxima.byteLength + this.#positions.byteLength
  }
}

/** The images by hash: `images` is `[n]`, the others are `[n, channels]`. */
export interface SampleSnapshot {
  readonly images: Int32Array
  readonly maxima: Float32Array
  readonly positions: Positions
}

export interface QuantileGroup {
  /** Lowest and highest maximum of the group, in the sample. */
  readonly from: number
  readonly to: number
  /** Nearest to the middle of the group, lower one first. */
  readonly samples: readonly TopEntry[]
  /** All of the group, lowest first; only there in a scan, as results files have no more than the samples. */
  readonly members?: readonly TopEntry[]
}

const quantileGroups = 10
const samplesPerGroup = 2

/** Ten groups of neighbours by rank, as equal in number as can be; groups that are empty are left out. */
export function quantileGroupsOf(sorted: readonly TopEntry[]): QuantileGroup[] {
  const groups: QuantileGroup[] = []
  for (let g = 0; g < quantileGroups; g++) {
    const group = sorted.slice(
      Math.floor((g * sorted.length) / quantileGroups),
      Math.floor(((g + 1) * sorted.length) / quantileGroups),
    )
    if (group.length === 0) continue
    const start = Math.max(0, Math.floor((group.length - samplesPerGroup) / 2))
    groups.push({
      from: group[0]!.activation,
      to: group.at(-1)!.activation,
      samples: group.slice(start, start + samplesPerGroup),
      members: group,
    })
  }
  return groups
}
