/** @file How far numbers are from those that are expected. */

/** NaN if a number is. If all that is expected is 0, the error is absolute. */
export function largestError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, largest] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference = Math.max(difference, Math.abs(found[i]! - expected[i]!))
    largest = Math.max(largest, Math.abs(expected[i]!))
  }
  return difference / (largest || 1)
}
