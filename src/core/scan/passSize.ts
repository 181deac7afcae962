/** @file How many images go through the network at once. */

/** The largest power of two that is neither more than `most` nor takes more than `budget`; one at least. */
export function sizeWithin(budget: number, bytesAnImage: number, most: number): number {
  const allowed = Math.min(most, budget / bytesAnImage)
  return allowed < 2 ? 1 : 2 ** Math.floor(Math.log2(allowed))
}

/** If a pass of `size` images took `ms`: the power of two that should take no longer than `limit`; one at least. */
export function sizeForTime(limit: number, size: number, ms: number, most: number): number {
  return sizeWithin(limit, ms / size, most)
}
