/** @file What a measure of a channel is: one number, by which channels of all layers are found, sorted and compared. */
import type { Evidence } from './evidence.ts'

/** The part of a measure that tables, filters and files need. */
export interface MeasureHead {
  /** As the address and saved tables call it. */
  readonly id: string
  /** The head of its column. */
  readonly label: string
  /** What it measures, and when it has no meaning: one sentence, which the user reads. */
  readonly sentence: string
  /**
   * `share` is from 0 to 1, `ratio` is mostly so and may lie beyond, `yes` is 0 or 1, `activation` can be compared within a
   * layer only, and a `loss` is mostly small.
   */
  readonly unit: 'activation' | 'share' | 'ratio' | 'number' | 'loss' | 'yes'
}

/** A measure that follows from what a scan has found. */
export interface Measure extends MeasureHead {
  /** Returns null if it is not known, or has no meaning for the channel. */
  of(evidence: Evidence): number | null
}
