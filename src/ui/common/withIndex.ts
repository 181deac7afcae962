/** @file Keeps an item of a virtual list that is scrolled away, as one with the focus, which would be lost with it. */
import { defaultRangeExtractor, type Range } from '@tanstack/react-virtual'

/** The indices of the items that are on the screen, and this one if there is one. */
export function withIndex(range: Range, index: number | null): number[] {
  const indices = defaultRangeExtractor(range)
  if (index === null || index < 0 || index >= range.count || indices.includes(index)) return indices
  return [...indices, index].toSorted((a, b) => a - b)
}
