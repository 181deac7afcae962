/** @file Pearson's correlation of two lists. */

/** From -1 to 1; null if one of the two lists, of the same length, is the same everywhere or not finite. */
export function correlate(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const mean = (values: ArrayLike<number>): number => {
    let sum = 0
    for (let i = 0; i < values.length; i++) sum += values[i]!
    return sum / values.length
  }
  const [meanA, meanB] = [mean(a), mean(b)]
  let [product, squaresA, squaresB] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB]
    product += x * y
    squaresA += x * x
    squaresB += y * y
  }
  const size = Math.sqrt(squaresA * squaresB)
  return size > 0 && Number.isFinite(size) ? product / size : null
}
