/**
 * @file What can be read of a layer's results, wherever they come from: `LayerResult` grows with a scan, `RecordedResult`
 * was read from a results file. Whatever only shows results works with this.
 */
import type { Pair } from '../model/network.ts'
import type { Box } from '../model/receptiveField.ts'
import type { Statistics } from './channelStatistics.ts'
import type { ClassMean } from './classMeans.ts'
import type { QuantileGroup } from './imageSample.ts'
import type { TopEntry } from './topK.ts'

export interface FoundEntry extends TopEntry {
  /** Where it is written down; otherwise the network tells. */
  readonly place?: { readonly unit: Pair; readonly box: Box }
}

export interface FoundGroup extends QuantileGroup {
  readonly samples: readonly FoundEntry[]
}

export interface ReadableResult {
  readonly channels: number
  /** Of a channel. */
  readonly units: number
  /** Images. */
  readonly scanned: number
  /** Grows whenever a channel's top or state changes, `[channels]`; what is drawn compares it. */
  readonly versions: Uint32Array
  /** Null where there are no means of classes. */
  readonly classMeans: { means(channel: number): readonly ClassMean[] } | null
  isDead(channel: number): boolean
  /** Of any unit; -Infinity where there is none, as with nothing but NaN. Null where nobody knows. */
  highest(channel: number): number | null
  /** The best k, or as many as are known, best first; none for a dead channel. */
  top(channel: number, k: number): readonly FoundEntry[]
  /** The k lowest, lowest first; none for a dead channel. */
  lowest(channel: number, k: number): readonly FoundEntry[]
  quantiles(channel: number): readonly FoundGroup[]
  /** Null where nobody knows. */
  statistics(channel: number): Statistics | null
  /** How many of the top k are of each class, where that is written down; otherwise, and where null, the images tell. */
  classesOfTop?(channel: number, k: number): ReadonlyMap<number, number> | null
}
