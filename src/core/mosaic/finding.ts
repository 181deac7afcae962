/** @file What is looked for in a table of channels, as plain data: the first page has it in its address. */

/** From and to, both included; null if there is no bound. */
export type Range = readonly [from: number | null, to: number | null]

export type Ranges = Readonly<Record<string, Range>>

/** NaN is in no range. */
export function isWithin(value: number, [from, to]: Range): boolean {
  return value >= (from ?? -Infinity) && value <= (to ?? Infinity)
}

/** What is looked for. */
export interface Finding {
  /** Words that all have to occur in what is known of a channel; a number is the channel's, or within a name. */
  readonly text: string
  /** By the id of a measure. A channel for which it is not known is in no range. */
  readonly ranges: Ranges
  /** The id of the measure by which rows are sorted, highest first; null for layer and number. */
  readonly column: string | null
  /** Turns the order round. Rows without a value still come last. */
  readonly isReversed: boolean
  /** The name of the class by whose means channels are sorted in the table of classes; null for the order of mosaics. */
  readonly ofClass: string | null
}

export const nothingSought: Finding = { text: '', ranges: {}, column: null, isReversed: false, ofClass: null }
