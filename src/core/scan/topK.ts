/**
 * @file The running top k of each channel, on flat typed arrays.
 *
 * Order: activation descending, then image ascending. Image numbers are ranks of the sorted paths, so the order is
 * total and the table does not depend on how images were batched, ordered or shared among workers. An image holds
 * at most one place a channel; offering it again keeps its better unit, so a repeated batch does no harm.
 * NaN never enters.
 */

import { appError } from '../errors.ts'

/** What a table can count to. */
export const maxK = 255

/** Throws `setting/unknown` unless it is a whole number of patches that a table can hold. */
export function checkedK(k: unknown): number {
  if (typeof k === 'number' && Number.isInteger(k) && k >= 1 && k <= maxK) return k
  throw appError('setting/unknown', {
    setting: 'k',
    value: String(k),
    allowed: `whole numbers from 1 to ${maxK}`,
  })
}

/** Stands behind the last of all images. */
const noImage = 2 ** 31 - 1

export interface TopEntry {
  readonly image: number
  readonly activation: number
  /** Flat, row-major: `row * columns + column`. */
  readonly position: number
}

/** The whole table as plain data, `[channels, k]` and `[channels]`. */
export interface TopKSnapshot {
  readonly images: Int32Array
  readonly activations: Float32Array
  readonly positions: Int32Array
  readonly counts: Uint8Array
}

export class TopK {
  readonly k: number
  readonly channels: number
  /** All `[channels, k]`, best first; only the first `count(channel)` of a row are filled. */
  readonly #images: Int32Array
  readonly #activations: Float32Array
  readonly #positions: Int32Array
  readonly #counts: Uint8Array
  /** The last place of each full row, copied to where nearly all offers are turned away, `[channels]`. */
  readonly #lastActivations: Float32Array
  readonly #lastImages: Int32Array

  /** Throws `setting/unknown` for a k beyond `maxK`. */
  constructor(channels: number, k: number) {
    this.channels = channels
    this.k = checkedK(k)
    this.#images = new Int32Array(channels * k)
    this.#activations = new Float32Array(channels * k)
    this.#positions = new Int32Array(channels * k)
    this.#counts = new Uint8Array(channels)
    this.#lastActivations = new Float32Array(channels).fill(-Infinity)
    this.#lastImages = new Int32Array(channels).fill(noImage)
  }

  /** Returns whether the entry holds a place now. */
  offer(channel: number, image: number, activation: number, position: number): boolean {
    const last = this.#lastActivations[channel]!
    const mayEnter = activation > last || (activation === last && image < this.#lastImages[channel]!)
    return mayEnter && this.#insert(channel, image, activation, position)
  }

  #insert(channel: number, image: number, activation: number, position: number): boolean {
    const row = channel * this.k
    const count = this.#counts[channel]!
    let place = count
    for (let i = 0; i < count; i++) {
      if (this.#images[row + i] === image) {
        if (!(activation > this.#activations[row + i]!)) return false
        place = i
        break
      }
    }
    if (place === count) {
      if (count === this.k) place = count - 1
      else this.#counts[channel] = count + 1
    }
    while (place > 0 && this.#precedes(activation, image, row + place - 1)) {
      this.#images[row + place] = this.#images[row + place - 1]!
      this.#activations[row + place] = this.#activations[row + place - 1]!
      this.#positions[row + place] = this.#positions[row + place - 1]!
      place--
    }
    this.#images[row + place] = image
    this.#activations[row + place] = activation
    this.#positions[row + place] = position
    this.#noteLast(channel)
    return true
  }

  count(channel: number): number {
    return this.#counts[channel]!
  }

  entry(channel: number, rank: number): TopEntry {
    const i = channel * this.k + rank
    return { image: this.#images[i]!, activation: this.#activations[i]!, position: this.#positions[i]! }
  }

  entries(channel: number): TopEntry[] {
    return Array.from({ length: this.count(channel) }, (_, rank) => this.entry(channel, rank))
  }

  snapshot(): TopKSnapshot {
    return {
      images: this.#images.slice(),
      activations: this.#activations.slice(),
      positions: this.#positions.slice(),
      counts: this.#counts.slice(),
    }
  }

  /** Offers all that another table holds. Throws `RangeError` where it is of another size. */
  add({ images, activations, positions, counts }: TopKSnapshot): void {
    if (counts.length !== this.channels || images.length !== this.#images.length)
      throw new RangeError(
        `a snapshot of ${counts.length} channels for ${this.channels} of ${this.k} patches`,
      )
    for (let channel = 0; channel < this.channels; channel++)
      for (let i = channel * this.k; i < channel * this.k + counts[channel]!; i++)
        this.offer(channel, images[i]!, activations[i]!, positions[i]!)
  }

  get bytes(): number {
    return this.channels * (this.k * 12 + 9)
  }

  #noteLast(channel: number): void {
    if (this.#counts[channel] !== this.k) return
    const last = (channel + 1) * this.k - 1
    this.#lastActivations[channel] = this.#activations[last]!
    this.#lastImages[channel] = this.#images[last]!
  }

  /** Would it come before the entry at flat index `i`? */
  #precedes(activation: number, image: number, i: number): boolean {
    const other = this.#activations[i]!
    return activation > other || (activation === other && image < this.#images[i]!)
  }
}
