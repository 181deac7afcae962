/** @file How often a channel is active: in how many images, and with how many units, it is above 0. */
import { count } from '../../fields.ts'
import { figuresRecord } from './figures.ts'
import type { Accumulator, Rows, Statistic } from './statistic.ts'

export interface Activity {
  /** The number of images with a unit above 0. */
  readonly activeImages: number
  /** The number of units above 0 in all images together; exact below 2^53. */
  readonly activeUnits: number
}

interface Counts {
  /** Both `[channels]`. */
  readonly images: Uint32Array
  readonly units: Float64Array
}

class ActiveCounts implements Accumulator<Activity, Counts> {
  readonly #images: Uint32Array
  readonly #units: Float64Array

  constructor(channels: number) {
    this.#images = new Uint32Array(channels)
    this.#units = new Float64Array(channels)
  }

  addRows({ summary: { channels, active }, bits, first, end }: Rows): void {
    const images = this.#images
    const units = this.#units
    for (let row = first, i = row * channels; row < end; row++)
      for (let c = 0; c < channels; c++, i++) {
        const bit = bits[i]! | 0
        // 1 if the maximum is above 0. Half of all branches here would be guessed wrong.
        images[c]! += (-bit & ~bit) >>> 31
        units[c]! += active[i]!
      }
  }

  of(channel: number): Activity {
    return { activeImages: this.#images[channel]!, activeUnits: this.#units[channel]! }
  }

  snapshot(): Counts {
    return { images: this.#images.slice(), units: this.#units.slice() }
  }

  add({ images, units }: Counts): void {
    if (images.length !== this.#images.length)
      throw new RangeError(`a snapshot of ${images.length} channels for ${this.#images.length}`)
    for (let c = 0; c < images.length; c++) {
      this.#images[c]! += images[c]!
      this.#units[c]! += units[c]!
    }
  }

  get bytes(): number {
    return this.#images.byteLength + this.#units.byteLength
  }
}

export const activity = {
  id: 'activity',
  counted: {
    version: 1,
    begin: ({ channels }): Accumulator<Activity> => new ActiveCounts(channels),
  },
  /** Two counts; the second is of `scanned` times the rows and columns of the layer's `shape`. */
  record: figuresRecord<Activity, keyof Activity>(
    { activeImages: count, activeUnits: count },
    { activeImages: 'firingImages', activeUnits: 'firingUnits' },
  ),
  facts: ({ activeImages, activeUnits }, { scanned, units }, { share }) => [
    {
      name: 'Fires',
      title: 'Units above 0',
      text: `in ${share(activeImages, scanned)} of the images and ${share(activeUnits, scanned * units)} of all units`,
    },
  ],
  sort: {
    id: 'fires',
    label: 'By firing',
    order: 'by firing, the most often first',
    key: ({ activeImages }) => activeImages,
  },
} as const satisfies Statistic<Activity, Float64Array>
