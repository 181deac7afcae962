/**
 * @file What a statistic of a channel is: one object, which knows how it is counted, kept, written into a results file, read
 * back, shown and sorted by. `index.ts` lists them, and everything else goes through that list.
 */
import type { Table } from '../../fields.ts'
import type { ImageTable } from '../../images/imageTable.ts'
import type { ChannelSummary } from '../channelSummary.ts'
import type { Classes } from '../classMeans.ts'
import type { FoundEntry } from '../foundEntry.ts'
import type { TopEntry } from '../topK.ts'
import type { EndOfLayer, NameNumbers, PatchColumns, PatchRecord } from './patchRecord.ts'

/**
 * What can be read of a layer's results, wherever they come from: `LayerResult` grows with a scan, `RecordedResult` was read
 * from a results file. Whatever only shows results works with this.
 */
export interface ReadableResult {
  readonly channels: number
  /** The number of units of a channel. */
  readonly units: number
  /** The number of images. */
  readonly scanned: number
  /** Grows whenever a channel's top or state changes, `[channels]`; what is drawn compares it. */
  readonly versions: Uint32Array
  isDead(channel: number): boolean
  /** The highest activation of any unit; -Infinity if there is none, as with nothing but NaN. Null if it is not known. */
  highest(channel: number): number | null
  /** The best k, or as many as are known, best first; none for a dead channel. */
  top(channel: number, k: number): readonly FoundEntry[]
  /** The value of a statistic; null if it is not known. */
  of<Value>(statistic: Statistic<Value>, channel: number): Value | null
  /** How many of the top k are of each class, if that is written down; otherwise, and if it is null, the images tell. */
  classesOfTop?(channel: number, k: number): ReadonlyMap<number, number> | null
}

/** `Value` is what is known of one channel, `Columns` what a results file says of all channels of a layer. */
export interface Statistic<Value = unknown, Columns = unknown> {
  /** The key in stored snapshots and in what was read of a file: it stays as it is. */
  readonly id: string
  /** It is there if the statistic is counted image by image. */
  readonly counted?: Counted<Value>
  /** It is there if the statistic follows from others. Returns null if they are not known. */
  derive?(result: ReadableResult, channel: number): Value | null
  /** It is there if the value names images, classes or units: the same value in the numbers, and with the places, that are shown. */
  shown?(value: Value, by: Shown): Value
  /** It is there if a results file has it. Without it, it is derived from what the file has. */
  readonly record?: RecordFormat<Value, Columns>
  /** Its lines under "Numbers". */
  facts?(value: Value, result: ReadableResult, format: Formats): readonly Fact[]
  /** It is there if channels can be sorted by it. */
  readonly sort?: SortOrder & { key(value: Value): number }
}

/** Makes what is shown of the numbers in a snapshot that is not of what is open. */
export interface Shown {
  readonly entry: (entry: FoundEntry) => FoundEntry
  readonly image: (image: number) => number
  readonly classNumber: (classNumber: number) => number
}

interface Counted<Value> {
  /** Grows with every change of what `snapshot` returns. What was kept in another version is not taken in. */
  readonly version: number
  /** Returns null if the layer does not have this statistic. */
  begin(layer: ScannedLayer): Accumulator<Value> | null
}

/** The facts about a layer that are known before its first image. */
export interface ScannedLayer {
  readonly channels: number
  /** The number of units of a channel. */
  readonly units: number
  /** The number of columns of the map. */
  readonly columns: number
  /** How many of the highest and of the lowest are kept. */
  readonly kept: number
  /** Is null if there are no means of classes to be found. */
  readonly classes: Classes | null
}

/** The sums or counts of all channels of a layer. Whatever the order of images and snapshots, they end the same to the bit. */
export interface Accumulator<Value = unknown, Snapshot = unknown> {
  /** Takes in some images. It is called once for some 65,000 numbers, so the loop inside is what has to be fast. */
  addRows(rows: Rows): void
  /** A copy, as plain data. */
  snapshot(): Snapshot
  /** Adds what others have counted. Throws `RangeError` if the snapshot is of another layer. */
  add(snapshot: Snapshot): void
  /** The memory that it takes. */
  readonly bytes: number
  /** The value of a channel; null if it needs another statistic that is not known. */
  of(channel: number, result: ReadableResult): Value | null
}

/** The images of the rows from `first` to before `end` of a batch. */
export interface Rows {
  readonly summary: ChannelSummary
  /** The memory of the summary's maxima, as their bits. */
  readonly bits: Uint32Array
  /** The number of the image in each row. */
  readonly images: Int32Array
  readonly first: number
  readonly end: number
}

export interface RecordFormat<Value = unknown, Columns = unknown> {
  /** Whether the keys are a channel's own or within its `statistics`. */
  readonly within: 'channel' | 'statistics'
  /** Keys and values in the order of the file; none if there is nothing to say. */
  write(value: Value, to: RecordWriter): object
  /** How the same keys are read. Files of older versions do not have those that were added later. */
  readonly fields: Table
  /** Keys within `statistics` that were renamed: how older files have them. */
  readonly formerKeys?: Readonly<Record<string, string>>
  gather(names: NameNumbers): Gatherer<Columns>
  /** The value of a channel; null if the file does not have it. */
  read(columns: Columns, channel: number, file: RecordReader): Value | null
}

/** The names that records have, by the numbers of images and classes. */
export interface RecordTable extends Pick<ImageTable, 'classNames'> {
  readonly paths: ArrayLike<string>
  readonly classOf: ArrayLike<number>
}

/** The facts and tools to write a channel's record with. */
export interface RecordWriter {
  readonly channel: number
  readonly result: ReadableResult
  /** How many patches are asked for. */
  readonly k: number
  readonly table: RecordTable
  patchOf(entry: TopEntry): PatchRecord
}

/**
 * Takes in the records of a layer's channels, in their order, and makes flat arrays of them, which can be handed from a worker
 * to the page without a copy. `fields` is what `RecordFormat.fields` has read, null if the channel has no `statistics`.
 */
export interface Gatherer<Columns> {
  add(fields: Readonly<Record<string, unknown>> | null): void
  columns(end: EndOfLayer): Columns
}

/** The tools to read a channel's record with. */
export interface RecordReader {
  entries(columns: PatchColumns, row: number): FoundEntry[]
  /** The number that is shown, by the number in the file. */
  classNumber(number: number): number
}

export interface Fact {
  readonly name: string
  /** Shown under the pointer. */
  readonly title?: string
  readonly text: string
}

/** How the page writes numbers. */
export interface Formats {
  activation(value: number): string
  share(part: number, whole: number): string
}

export interface SortOrder<Id extends string = string> {
  /** As the address says it. */
  readonly id: Id
  /** As the menu says it. */
  readonly label: string
  /** The end of "Tiles are ordered …". */
  readonly order: string
}
