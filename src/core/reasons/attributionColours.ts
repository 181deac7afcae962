/** @file The colours of attributions: red excites, blue inhibits, and the stronger, the less of the patch is seen through it. */

type Color = readonly [number, number, number]

/** Red and blue of ColorBrewer's RdBu, which people who are colour-blind tell apart. */
export const exciting: Color = [202, 0, 32]
export const inhibiting: Color = [5, 113, 176]

/**
 * The end of the scale: the size that one number in a hundred exceeds, so that a single pixel does not make all others pale. It is 0
 * if all numbers are 0; NaN and infinite ones do not count.
 */
export function attributionEnd(values: ArrayLike<number>): number {
  const sizes = Float64Array.from(values, (value) => Math.abs(value)).filter(
    (size) => size > 0 && size < Infinity,
  )
  if (sizes.length === 0) return 0
  return sizes.toSorted()[Math.floor(0.99 * (sizes.length - 1))]!
}

/** A pixel a number: RGBA, not premultiplied; transparent for 0 and NaN. */
export function attributionPixels(values: ArrayLike<number>, end: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(values.length * 4)
  if (!(end > 0)) return pixels
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!
    if (Number.isNaN(value)) continue
    pixels.set(value < 0 ? inhibiting : exciting, i * 4)
    pixels[i * 4 + 3] = Math.round(255 * Math.min(1, Math.abs(value) / end))
  }
  return pixels
}
