/**
 * @file The test of an attribution: pixels become the mean one after the other, those first that it says excite the unit most. The
 * faster the unit falls, the more the attribution knows (Petsiuk, Das and Saenko, "RISE", BMVC 2018). Pixels from the centre outwards
 * are the order to beat, as units see the middle of their field through more ways than its border.
 */

/** The steps in which all pixels of a patch are deleted. */
export const deletionSteps = 16

/** The pixels of a map, the largest number first; of equal ones, those nearer to the middle. */
export function strongestFirst(values: ArrayLike<number>, shape: readonly [number, number]): number[] {
  const distances = distancesFromCentre(shape)
  return [...distances.keys()].toSorted((a, b) => values[b]! - values[a]! || distances[a]! - distances[b]!)
}

/** The pixels of a map from its middle outwards. */
export function centreFirst(shape: readonly [number, number]): number[] {
  const distances = distancesFromCentre(shape)
  return [...distances.keys()].toSorted((a, b) => distances[a]! - distances[b]!)
}

function distancesFromCentre([rows, columns]: readonly [number, number]): Float64Array {
  return Float64Array.from({ length: rows * columns }, (_, i) => {
    const [row, column] = [Math.floor(i / columns), i % columns]
    return (row - (rows - 1) / 2) ** 2 + (column - (columns - 1) / 2) ** 2
  })
}

/** How many of the pixels are deleted after each step; after the last one, all. */
export function deletedAfter(pixels: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, i) => Math.round(((i + 1) / steps) * pixels))
}

/** An input `[…, C]` of which the first `count` pixels of an order are the mean of each channel. */
export function withDeleted(
  input: Float32Array,
  order: readonly number[],
  count: number,
  mean: readonly number[],
): Float32Array {
  const out = input.slice()
  for (const pixel of order.slice(0, count)) out.set(mean, pixel * mean.length)
  return out
}

/**
 * The mean activation while pixels are deleted in even steps, as a share of the way from that of the mean picture (0) to that of the whole patch (1). `after`: the
 * activations after each step, of which the last is that of the mean. Null if both ends are the same.
 */
export function deletionArea(whole: number, after: readonly number[]): number | null {
  const none = after.at(-1)!
  const range = whole - none
  if (!(Math.abs(range) > 0)) return null
  const shares = [whole, ...after].map((value) => (value - none) / range)
  // The area under straight lines from step to step.
  const sum = shares.reduce(
    (total, share, i) => total + (i === 0 || i === after.length ? share / 2 : share),
    0,
  )
  return sum / after.length
}
