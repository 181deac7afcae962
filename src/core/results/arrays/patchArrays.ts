/** @file Patches of a layer's channels as arrays, as the exercise's notebook has them: image, row and column of each. */
import type { Pair } from '../../model/network.ts'
import type { Box } from '../../model/receptiveField.ts'
import type { NamedArray } from './npy.ts'

export interface PlacedPatch {
  readonly image: number
  readonly activation: number
  readonly unit: Pair
  readonly box: Box
  readonly seat?: Box
}

/** Stands for what is not there, in whole numbers; NaN does in others. */
export const missing = -1

export class PatchArrays {
  readonly #ranks: readonly number[]
  readonly #channels: number
  readonly #images: Int32Array
  readonly #rows: Int32Array
  readonly #columns: Int32Array
  readonly #activations: Float32Array
  readonly #boxes: Int32Array
  #seats: Int32Array | null = null

  /** `ranks`: the axes before that of the channels, as `[k]`. */
  constructor(ranks: readonly number[], channels: number) {
    const size = ranks.reduce((product, one) => product * one, channels)
    const numbers = (length: number): Int32Array => new Int32Array(length).fill(missing)
    this.#ranks = ranks
    this.#channels = channels
    this.#images = numbers(size)
    this.#rows = numbers(size)
    this.#columns = numbers(size)
    this.#activations = new Float32Array(size).fill(Number.NaN)
    this.#boxes = numbers(4 * size)
  }

  /** `rank` counts through all axes before that of the channels. */
  set(rank: number, channel: number, { image, activation, unit, box, seat }: PlacedPatch): void {
    const at = rank * this.#channels + channel
    this.#images[at] = image
    this.#rows[at] = unit[0]
    this.#columns[at] = unit[1]
    this.#activations[at] = activation
    this.#boxes.set(box, 4 * at)
    if (seat) (this.#seats ??= new Int32Array(this.#boxes.length).fill(missing)).set(seat, 4 * at)
  }

  arrays(prefix: string): NamedArray[] {
    const shape = [...this.#ranks, this.#channels]
    return [
      { name: `${prefix}bb`, shape, data: this.#images },
      { name: `${prefix}ii`, shape, data: this.#rows },
      { name: `${prefix}jj`, shape, data: this.#columns },
      { name: `${prefix}activation`, shape, data: this.#activations },
      { name: `${prefix}box`, shape: [...shape, 4], data: this.#boxes },
      ...(this.#seats ? [{ name: `${prefix}seat`, shape: [...shape, 4], data: this.#seats }] : []),
    ]
  }
}
