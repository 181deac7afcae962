/** @file The results of one layer as a results file tells them, in the numbers of images and classes that are shown. */
import { mapSize } from '../model/units.ts'
import type { Box } from '../model/receptiveField.ts'
import type { Statistics } from '../scan/channelStatistics.ts'
import type { ClassMean } from '../scan/classMeans.ts'
import type { FoundEntry, FoundGroup, ReadableResult } from '../scan/readableResult.ts'
import { binsOf, figureCount, type LayerColumns, type PatchColumns, placeLength } from './columns.ts'
import type { RecordedLayer } from './recordedFile.ts'

/** Numbers that are shown, by the numbers of the file. What is not there has a negative one: see `lost`. */
export interface Numbering {
  readonly images: Int32Array
  readonly classes: Int32Array
}

/** The number of what only the file knows, and the file's number of it. */
export function lost(number: number): number {
  return -1 - number
}

export class RecordedResult implements ReadableResult {
  readonly channels: number
  readonly units: number
  readonly scanned: number
  readonly versions: Uint32Array
  readonly classesOfTop?: (channel: number, k: number) => ReadonlyMap<number, number> | null
  readonly classMeans = { means: (channel: number): ClassMean[] => this.#means(channel) }
  readonly #columns: LayerColumns
  readonly #numbering: Numbering
  readonly #mapColumns: number

  /** `version` differs from that of the same layer in other numbers. */
  constructor({ shape, scanned, columns }: RecordedLayer, numbering: Numbering, version: number) {
    const [rows, mapColumns] = mapSize(shape)
    this.channels = columns.dead.length
    this.units = rows * mapColumns
    this.scanned = scanned
    this.versions = new Uint32Array(this.channels).fill(version)
    this.#columns = columns
    this.#numbering = numbering
    this.#mapColumns = mapColumns
    // Where the file tells of no class, the images may.
    if (columns.classes.names.length > 0) this.classesOfTop = (channel, k) => this.#ofTop(channel, k)
  }

  isDead(channel: number): boolean {
    return this.#columns.dead[channel] === 1
  }

  /** A dead channel's one value is the mean of its maxima. */
  highest(channel: number): number | null {
    const { top } = this.#columns
    if (this.isDead(channel)) return this.statistics(channel)?.mean ?? null
    const start = top.starts[channel]!
    return start < top.starts[channel + 1]! ? top.activations[start]! : -Infinity
  }

  top(channel: number, k: number): FoundEntry[] {
    return this.#entries(this.#columns.top, channel, k)
  }

  lowest(channel: number, k: number): FoundEntry[] {
    return this.#entries(this.#columns.lowest, channel, k)
  }

  quantiles(channel: number): FoundGroup[] {
    const { starts, bounds, samples } = this.#columns.groups
    const groups: FoundGroup[] = []
    for (let group = starts[channel]!; group < starts[channel + 1]!; group++)
      groups.push({
        from: bounds[2 * group]!,
        to: bounds[2 * group + 1]!,
        samples: this.#entries(samples, group, Infinity),
      })
    return groups
  }

  statistics(channel: number): Statistics | null {
    const { figures, bins } = this.#columns
    const [images, infinite, mean, spread, firingImages, firingUnits] = figures.subarray(
      channel * figureCount,
      (channel + 1) * figureCount,
    ) as unknown as [number, number, number, number, number, number]
    if (Number.isNaN(images)) return null
    return {
      images,
      infinite,
      mean: Number.isNaN(mean) ? null : mean,
      spread: Number.isNaN(spread) ? null : spread,
      firingImages,
      firingUnits,
      histogram: binsOf(bins, channel),
    }
  }

  /** Of fewer than the file has it tells nothing. */
  #ofTop(channel: number, k: number): ReadonlyMap<number, number> | null {
    const { top, classes } = this.#columns
    if (top.starts[channel + 1]! - top.starts[channel]! > k) return null
    const { starts, names, numbers } = classes
    const counts = new Map<number, number>()
    for (let at = starts[channel]!; at < starts[channel + 1]!; at++) {
      const ofTop = numbers[3 * at + 2]!
      if (ofTop > 0) counts.set(this.#numbering.classes[names[at]!]!, ofTop)
    }
    return counts
  }

  #means(channel: number): ClassMean[] {
    const { starts, names, numbers } = this.#columns.classes
    const means: ClassMean[] = []
    for (let at = starts[channel]!; at < starts[channel + 1]!; at++)
      means.push({
        classNumber: this.#numbering.classes[names[at]!]!,
        images: numbers[3 * at]!,
        mean: numbers[3 * at + 1]!,
      })
    return means
  }

  #entries({ starts, images, activations, places }: PatchColumns, row: number, most: number): FoundEntry[] {
    const entries: FoundEntry[] = []
    const end = Math.min(starts[row + 1]!, starts[row]! + most)
    for (let at = starts[row]!; at < end; at++) {
      const place = places.subarray(at * placeLength, (at + 1) * placeLength)
      const [unitRow, unitColumn, ...box] = place as unknown as [number, number, ...Box]
      entries.push({
        image: this.#numbering.images[images[at]!]!,
        activation: activations[at]!,
        position: unitRow * this.#mapColumns + unitColumn,
        place: { unit: [unitRow, unitColumn], box },
      })
    }
    return entries
  }
}
