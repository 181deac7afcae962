/** @file Which of a channel's top activations are outliers. */

/** Fewer values than these have no usual distance. */
const fewestOthers = 3

/**
 * How many of the highest values are outliers: those lie at least as far above the next one as that lies above the last
 * (Dixon's Q, gap ÷ range, is 0.5 or more). `descending` are the highest values; at most half of them are outliers, and three
 * have to be left.
 */
export function outlierCount(descending: readonly number[]): number {
  const last = descending.at(-1)
  const most = Math.min(Math.floor(descending.length / 2), descending.length - fewestOthers)
  for (let count = most; count > 0; count--) {
    const next = descending[count]!
    const gap = descending[count - 1]! - next
    if (gap > 0 && gap >= next - last!) return count
  }
  return 0
}
