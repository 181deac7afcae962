/**
 * @file Lists the images whose patch in a channel is known: the highest, the lowest, and the random sample, of which results
 * files have two a tenth and a scan has all 80.
 */
import type { HistogramBin } from '../scan/maximaHistogram.ts'
import type { FoundEntry } from '../scan/foundEntry.ts'
import type { ReadableResult } from '../scan/statistics/statistic.ts'
import { lowest } from '../scan/statistics/lowest.ts'
import { quantiles } from '../scan/statistics/quantiles.ts'

/** Which images are shown: those of a class, or those whose maximum lies in chosen bars of the histogram. */
export type PatchFilter =
  | { readonly kind: 'class'; readonly classNumber: number }
  | ({ readonly kind: 'range' } & Pick<HistogramBin, 'from' | 'to'>)

export function passes(
  filter: PatchFilter,
  { image, activation }: Pick<FoundEntry, 'image' | 'activation'>,
  classOf: Int32Array,
): boolean {
  if (filter.kind === 'class') return classOf[image] === filter.classNumber
  const { from, to } = filter
  // As in the histogram, a bin includes the edge that is nearer to zero, but not the other one.
  if (from >= 0) return activation >= from && activation < to
  if (to <= 0) return activation > from && activation <= to
  return activation > from && activation < to
}

/** Each image once, the highest activation first; equal ones by image number. */
export function knownEntries(result: ReadableResult, channel: number, k: number): FoundEntry[] {
  const entries = new Map<number, FoundEntry>()
  const samples = (result.of(quantiles, channel) ?? []).flatMap(
    ({ samples: some, members }) => members ?? some,
  )
  const ofLowest = (result.of(lowest, channel) ?? []).slice(0, k)
  for (const entry of [...result.top(channel, k), ...samples, ...ofLowest])
    if (!entries.has(entry.image)) entries.set(entry.image, entry)
  return [...entries.values()].toSorted((a, b) => b.activation - a.activation || a.image - b.image)
}

/** A bar of the histogram; `end`: whether it is the first or the last one. */
export interface Level extends Pick<HistogramBin, 'from' | 'to'> {
  readonly end: 'lowest' | 'top' | null
}

/**
 * The known images nearest to a level, as many as there are up to `count`, lowest first: those nearest to the middle of the
 * bar, at its ends the lowest and the highest of all. Equal ones come by image number.
 */
export function entriesAtLevel(
  known: readonly FoundEntry[],
  { from, to, end }: Level,
  count: number,
): FoundEntry[] {
  const middle = (from + to) / 2
  const distance = ({ activation }: FoundEntry): number =>
    end === 'top' ? -activation : end === 'lowest' ? activation : Math.abs(activation - middle)
  const ascending = known.toSorted((a, b) => a.activation - b.activation || a.image - b.image)
  // Sorting leaves equal ones in their order.
  const nearest = new Set(ascending.toSorted((a, b) => distance(a) - distance(b)).slice(0, count))
  return ascending.filter((entry) => nearest.has(entry))
}
