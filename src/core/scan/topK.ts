/**
 * @file The running top k of each channel, on flat typed arrays.
 *
 * Order: activation descending, then image ascending. Image numbers are ranks of the sorted paths, so the order is
 * total and the table does not depend on how images were batched, ordered or shared among workers. An image holds
 * at most one rank a channel; offering it again keeps its better unit, so a repeated batch does no harm.
 * NaN never enters.
 */

import { appError } from '../errors.ts'

/** The largest k, as counts are bytes. */
export const maxK = 255

/** Returns k if it is a whole number of patches that a table can hold; throws `setting/unknown` otherwise. */
export function checkedK(k: unknown): number {
  if (typeof k === 'number' && Number.isInteger(k) && k >= 1 && k <= maxK) return k
  throw appError('setting/unknown', {
    setting: 'k',
    value: String(k),
    allowed: `whole numbers from 1 to ${maxK}`,
  })
}

/** The memory of a table: twelve bytes an entry, and a channel's count and last entry. */
function tableBytes(channels: number, k: number): number {
  return channels * (k * 12 + 9)
}

/** The memory of the k highest and the k lowest of so many channels. */
export function keptBytes(channels: number, k: number): number {
  return 2 * tableBytes(channels, k)
}

/** A number behind those of all images. */
const noImage = 2 ** 31 - 1

export interface TopEntry {
  readonly image: number
  readonly activation: number
  /** Flat, row-major: `row * columns + column`. */
  readonly position: number
}

/** The whole table as plain data. */
export interface TopKSnapshot {
  /** `[channels, 3, k]`: the bits of float32 activations, images, positions. */
  readonly rows: Int32Array
  /** `[channels]` */
  readonly counts: Uint8Array
}

export class TopK {
  readonly k: number
  readonly channels: number
  /**
   * Each channel's numbers lie side by side, as entries come from anywhere in memory: `k` activations, `k` images, `k` positions,
   * best first; only the first `count(channel)` of them are filled. Two views of the same numbers.
   */
  readonly #floats: Float32Array
  readonly #whole: Int32Array
  readonly #counts: Uint8Array
  /** A copy of the last entry of each full row, by which nearly all offers are turned away, `[channels]`. */
  readonly #lastActivations: Float32Array
  readonly #lastImages: Int32Array

  /** Throws `setting/unknown` for a k beyond `maxK`. */
  constructor(channels: number, k: number) {
    this.channels = channels
    this.k = checkedK(k)
    this.#floats = new Float32Array(channels * k * 3)
    this.#whole = new Int32Array(this.#floats.buffer)
    this.#counts = new Uint8Array(channels)
    this.#lastActivations = new Float32Array(channels).fill(-Infinity)
    this.#lastImages = new Int32Array(channels).fill(noImage)
  }

  /** Returns whether the entry is in the table now. */
  offer(channel: number, image: number, activation: number, position: number): boolean {
    const last = this.#lastActivations[channel]!
    const mayEnter = activation > last || (activation === last && image < this.#lastImages[channel]!)
    return mayEnter && this.#insert(channel, image, activation, position) >= 0
  }

  /**
   * Offers one image to all channels: its activations are `sign` times `values[from … from + channels)`, where -Infinity
   * stands for none. `versions`, `[channels]`, are counted up if the image is now among the first `shown`; returns whether
   * there is such a channel. This is a loop of its own, because nearly all offers are turned away: a call for each would cost
   * more.
   */
  offerRow(
    image: number,
    values: Float32Array,
    positions: Uint32Array,
    from: number,
    sign: 1 | -1,
    versions?: Uint32Array,
    shown: number = this.k,
  ): boolean {
    const lasts = this.#lastActivations
    const lastImages = this.#lastImages
    let enters = false
    for (let channel = 0, i = from; channel < lasts.length; channel++, i++) {
      const value = values[i]!
      const activation = sign * value
      const last = lasts[channel]!
      if (!(activation >= last) || value === -Infinity) continue
      if (activation === last && image >= lastImages[channel]!) continue
      const rank = this.#insert(channel, image, activation, positions[i]!)
      if (rank < 0 || rank >= shown) continue
      enters = true
      if (versions) versions[channel]! += 1
    }
    return enters
  }

  /** Returns the rank that the entry has now; -1 if it has none. */
  #insert(channel: number, image: number, activation: number, position: number): number {
    const { k } = this
    const floats = this.#floats
    const whole = this.#whole
    const row = channel * k * 3
    const images = row + k
    const positions = images + k
    const count = this.#counts[channel]!
    let rank = count
    for (let i = 0; i < count; i++) {
      if (whole[images + i] === image) {
        if (!(activation > floats[row + i]!)) return -1
        rank = i
        break
      }
    }
    if (rank === count) {
      if (count === k) rank = count - 1
      else this.#counts[channel] = count + 1
    }
    for (; rank > 0; rank--) {
      const before = floats[row + rank - 1]!
      if (!(activation > before || (activation === before && image < whole[images + rank - 1]!))) break
      floats[row + rank] = before
      whole[images + rank] = whole[images + rank - 1]!
      whole[positions + rank] = whole[positions + rank - 1]!
    }
    floats[row + rank] = activation
    whole[images + rank] = image
    whole[positions + rank] = position
    if (this.#counts[channel] === k) {
      this.#lastActivations[channel] = floats[row + k - 1]!
      this.#lastImages[channel] = whole[images + k - 1]!
    }
    return rank
  }

  count(channel: number): number {
    return this.#counts[channel]!
  }

  entry(channel: number, rank: number): TopEntry {
    const { k } = this
    const i = channel * k * 3 + rank
    return {
      image: this.#whole[i + k]!,
      activation: this.#floats[i]!,
      position: this.#whole[i + 2 * k]!,
    }
  }

  /** The entries of a channel, best first, no more than `most`. */
  entries(channel: number, most: number = this.k): TopEntry[] {
    const length = Math.min(most, this.count(channel))
    return Array.from({ length }, (_, rank) => this.entry(channel, rank))
  }

  snapshot(): TopKSnapshot {
    return { rows: this.#whole.slice(), counts: this.#counts.slice() }
  }

  /** Offers all that another table holds. Throws `RangeError` if it is of other channels or of a smaller k. */
  add({ rows, counts }: TopKSnapshot): void {
    const k = rows.length / (3 * counts.length)
    if (counts.length !== this.channels || !(k >= this.k))
      throw new RangeError(`${k} patches of ${counts.length} channels for ${this.k} of ${this.channels}`)
    const floats = new Float32Array(rows.buffer, rows.byteOffset, rows.length)
    for (let channel = 0; channel < this.channels; channel++) {
      const row = channel * k * 3
      for (let i = row; i < row + counts[channel]!; i++)
        this.offer(channel, rows[i + k]!, floats[i]!, rows[i + 2 * k]!)
    }
  }

  get bytes(): number {
    return tableBytes(this.channels, this.k)
  }
}
