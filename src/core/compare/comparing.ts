/** @file What is looked at in a comparison of scans. */
import type { ChangeOrder, Fate } from './change.ts'

/** Scans are known by their positions, layers as the scan before calls them. */
export interface Comparing {
  /** Null: the layer that is looked at, or the first. */
  readonly layer: string | null
  /** The open pair: the channel's number before, or `+` and its number after if it has no partner; null if none is open. */
  readonly pair: string | null
  /** Whether channels are matched by correlation, instead of by number. */
  readonly matched: boolean
  readonly order: ChangeOrder
  /** Only pairs of that fate are shown; null: all. */
  readonly only: Extract<Fate, 'born' | 'died'> | null
  /** Null: the first scan. */
  readonly before: number | null
  /** Null: the last scan. */
  readonly after: number | null
  /** The scan whose mosaic of the open pair is shown large; null: that after. */
  readonly step: number | null
}

export const nothingChosen: Comparing = {
  layer: null,
  pair: null,
  matched: false,
  order: 'changed',
  only: null,
  before: null,
  after: null,
  step: null,
}
