/** @file Whether two backends compute the same: what one image does to every layer, compared layer by layer. */

/** A layer's largest and smallest activation by channel, `[C]`. */
export interface Extremes {
  /** Index into the network's layers. */
  readonly layer: number
  readonly max: Float32Array
  readonly min: Float32Array
}

export interface Comparison {
  /** The largest difference in any layer, relative to the layer's largest absolute activation. */
  readonly error: number
  /** The first layer beyond the tolerance, and its error; null if all are within. */
  readonly first: { readonly layer: number; readonly error: number } | null
}

/**
 * Float32 sums in another order differ by some 1e-6 in one layer and 1e-4 after hundreds; half floats, of 11 bits, by
 * 5e-4 in a single number and by 1e-2 after some layers. Top patches of images that lie closer than the error may change
 * places.
 */
export const selfTestTolerance = 1e-3

/** Compares what two backends have found in the same layers, both in the network's order. */
export function compareExtremes(found: readonly Extremes[], reference: readonly Extremes[]): Comparison {
  if (found.length !== reference.length)
    throw new RangeError(`${found.length} layers are compared with ${reference.length}`)
  let error = 0
  let first: Comparison['first'] = null
  for (const [i, { layer, max, min }] of reference.entries()) {
    const scale = largest(max, min)
    const ofLayer = Math.max(difference(found[i]!.max, max), difference(found[i]!.min, min)) / scale
    error = Math.max(error, ofLayer)
    if (ofLayer > selfTestTolerance) first ??= { layer, error: ofLayer }
  }
  return { error, first }
}

/** The largest absolute activation; 1 for a layer of zeros. */
function largest(...arrays: readonly Float32Array[]): number {
  let result = 0
  for (const array of arrays)
    for (const value of array) if (Number.isFinite(value)) result = Math.max(result, Math.abs(value))
  return result || 1
}

/** The largest difference; infinite if a number that is not finite is another one on the other side. */
function difference(found: Float32Array, reference: Float32Array): number {
  let result = 0
  for (let c = 0; c < reference.length; c++) {
    const [one, other] = [found[c]!, reference[c]!]
    if (Object.is(one, other)) continue
    const apart = Math.abs(one - other)
    result = Math.max(result, Number.isNaN(apart) ? Infinity : apart)
  }
  return result
}
