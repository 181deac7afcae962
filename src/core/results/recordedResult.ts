/** @file The results of one layer as a results file has them, in the numbers of images and classes that are shown. */
import { mapSize } from '../model/units.ts'
import type { Box } from '../model/receptiveField.ts'
import type { FoundEntry } from '../scan/foundEntry.ts'
import { type ClassColumns, classMeans, topInFile } from '../scan/statistics/classMeans.ts'
import { maxima } from '../scan/statistics/maxima.ts'
import { type PatchColumns, placeLength, seatLength } from '../scan/statistics/patchRecord.ts'
import type { ReadableResult, RecordReader, Statistic } from '../scan/statistics/statistic.ts'
import type { LayerColumns } from './columns.ts'
import type { RecordedLayer } from './recordedFile.ts'

/** The numbers that are shown, by the numbers of the file. An image or class that is not open has a negative one: see `lost`. */
export interface Numbering {
  readonly images: Int32Array
  readonly classes: Int32Array
}

/** Makes the shown number of an image or class that only the file knows from the file's number, and the other way round. */
export function lost(number: number): number {
  return -1 - number
}

export class RecordedResult implements ReadableResult {
  readonly channels: number
  readonly units: number
  readonly scanned: number
  readonly versions: Uint32Array
  readonly classesOfTop?: (channel: number, k: number) => ReadonlyMap<number, number> | null
  readonly #columns: LayerColumns
  readonly #numbering: Numbering
  readonly #mapColumns: number
  readonly #reader: RecordReader

  /** `version` has to differ from that of the same layer in other numbers. */
  constructor({ shape, scanned, columns }: RecordedLayer, numbering: Numbering, version: number) {
    const [rows, mapColumns] = mapSize(shape)
    this.channels = columns.dead.length
    this.units = rows * mapColumns
    this.scanned = scanned
    this.versions = new Uint32Array(this.channels).fill(version)
    this.#columns = columns
    this.#numbering = numbering
    this.#mapColumns = mapColumns
    this.#reader = {
      entries: (patches, row) => this.#entries(patches, row, Infinity),
      classNumber: (number) => numbering.classes[number]!,
    }
    const classes = columns.statistics[classMeans.id] as ClassColumns
    // If the file has no classes, the images may.
    if (classes.names.length > 0) this.classesOfTop = (channel, k) => this.#ofTop(classes, channel, k)
  }

  isDead(channel: number): boolean {
    return this.#columns.dead[channel] === 1
  }

  /** A dead channel's one value is the mean of its maxima. */
  highest(channel: number): number | null {
    const { top } = this.#columns
    if (this.isDead(channel)) return this.of(maxima, channel)?.mean ?? null
    const start = top.starts[channel]!
    return start < top.starts[channel + 1]! ? top.activations[start]! : -Infinity
  }

  top(channel: number, k: number): FoundEntry[] {
    return this.#entries(this.#columns.top, channel, k)
  }

  of<Value>(statistic: Statistic<Value>, channel: number): Value | null {
    const { id, record } = statistic
    if (!record) return statistic.derive?.(this, channel) ?? null
    return record.read(this.#columns.statistics[id], channel, this.#reader)
  }

  /** Is null if fewer are asked for than the file has, as it has no counts of those. */
  #ofTop(classes: ClassColumns, channel: number, k: number): ReadonlyMap<number, number> | null {
    const { top } = this.#columns
    if (top.starts[channel + 1]! - top.starts[channel]! > k) return null
    const counts = topInFile(classes, channel)
    return new Map(counts.map(([number, count]) => [this.#numbering.classes[number]!, count]))
  }

  #entries(
    { starts, images, activations, places, seats }: PatchColumns,
    row: number,
    most: number,
  ): FoundEntry[] {
    const entries: FoundEntry[] = []
    const end = Math.min(starts[row + 1]!, starts[row]! + most)
    for (let at = starts[row]!; at < end; at++) {
      const place = places.subarray(at * placeLength, (at + 1) * placeLength)
      const [unitRow, unitColumn, ...box] = place as unknown as [number, number, ...Box]
      const [top, left, bottom, right] = seats.subarray(at * seatLength, (at + 1) * seatLength)
      const seat = bottom ? ([top!, left!, bottom, right!] as const) : null
      entries.push({
        image: this.#numbering.images[images[at]!]!,
        activation: activations[at]!,
        position: unitRow * this.#mapColumns + unitColumn,
        place: { unit: [unitRow, unitColumn], box, ...(seat ? { seat } : {}) },
      })
    }
    return entries
  }
}
