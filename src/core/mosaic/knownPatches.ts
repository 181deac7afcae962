/** @file Lists the images whose patch in a channel is known: the highest, the lowest, and the random samples. */
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
  const samples = (result.of(quantiles, channel) ?? []).flatMap((group) => group.samples)
  const ofLowest = (result.of(lowest, channel) ?? []).slice(0, k)
  for (const entry of [...result.top(channel, k), ...samples, ...ofLowest])
    if (!entries.has(entry.image)) entries.set(entry.image, entry)
  return [...entries.values()].toSorted((a, b) => b.activation - a.activation || a.image - b.image)
}
