/**
 * @file Occlusion: what a unit loses if a part of its patch becomes the mean (Zeiler and Fergus, "Visualizing and understanding
 * convolutional networks", ECCV 2014). It is exact: the network runs again for each part.
 */

/** A square that is hidden, in pixels of the patch; `[top, left]` is its first. */
export interface HiddenSquares {
  readonly side: number
  readonly places: readonly (readonly [top: number, left: number])[]
}

/** The side of a square as a part of the shorter side of the patch: 4 pixels of 20, 9 of 46. */
const sideOfPatch = 1 / 5

/** Squares side by side in steps of half of their side, so that they cover each pixel. */
export function hiddenSquares(rows: number, columns: number): HiddenSquares {
  const side = Math.max(1, Math.round(Math.min(rows, columns) * sideOfPatch))
  const step = Math.max(1, Math.floor(side / 2))
  const along = (length: number): number[] => {
    const last = length - side
    const starts = Array.from({ length: Math.ceil(last / step) }, (_, i) => i * step)
    return [...starts, last]
  }
  const lefts = along(columns)
  return { side, places: along(rows).flatMap((top) => lefts.map((left) => [top, left] as const)) }
}

/** An input `[rows, columns, C]` in which a square is the mean of each channel. */
export function withHidden(
  input: Float32Array,
  columns: number,
  mean: readonly number[],
  side: number,
  [top, left]: readonly [number, number],
): Float32Array {
  const channels = mean.length
  const out = input.slice()
  for (let row = top; row < top + side; row++)
    for (let column = left; column < left + side; column++) out.set(mean, (row * columns + column) * channels)
  return out
}

/** The mean loss over the squares that hide a pixel, `[rows, columns]`; 0 for pixels that none of them hides so far. */
export function lossMap(
  { side, places }: HiddenSquares,
  losses: readonly number[],
  [rows, columns]: readonly [number, number],
): Float64Array {
  const sums = new Float64Array(rows * columns)
  const counts = new Float64Array(rows * columns)
  for (const [i, loss] of losses.entries()) {
    const [top, left] = places[i]!
    for (let row = top; row < top + side; row++)
      for (let column = left; column < left + side; column++) {
        sums[row * columns + column]! += loss
        counts[row * columns + column]! += 1
      }
  }
  return sums.map((sum, i) => (counts[i] === 0 ? 0 : sum / counts[i]!))
}
