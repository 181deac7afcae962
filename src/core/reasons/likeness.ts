/** @file How much pictures of the same size look alike. */

/**
 * The mean Pearson correlation of all pairs of pictures, RGBA, over the values of their pixels without alpha; a picture of one
 * colour goes with none. Returns null if there are fewer than two.
 */
export function likeness(pictures: readonly Uint8ClampedArray[]): number | null {
  const centred = pictures.map(standardized)
  let [sum, pairs] = [0, 0]
  for (const [i, first] of centred.entries())
    for (const second of centred.slice(i + 1)) {
      sum += first.reduce((dot, value, at) => dot + value * second[at]!, 0)
      pairs++
    }
  return pairs === 0 ? null : sum / pairs
}

/** The values less their mean, divided by their norm. */
function standardized(rgba: Uint8ClampedArray): Float64Array {
  const values = Float64Array.from(rgba.filter((_, i) => i % 4 !== 3))
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const norm = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0))
  return values.map((value) => (norm === 0 ? 0 : (value - mean) / norm))
}
