/** @file Weighted sums along an axis, seen from what they are made of. */
import type { Tap } from '../../../../core/model/kinds/interpolate.ts'

/** For each of `length` places that come in, the places that come out to which it counts, and its weight there. */
export function transposedTaps(
  taps: readonly (readonly Tap[])[],
  length: number,
): readonly (readonly Tap[])[] {
  const found = Array.from({ length }, (): Tap[] => [])
  for (const [unit, list] of taps.entries())
    for (const { index, weight } of list) found[index]!.push({ index: unit, weight })
  // A place that counts nowhere gets 0 times anything.
  return found.map((list) => (list.length > 0 ? list : [{ index: 0, weight: 0 }]))
}
