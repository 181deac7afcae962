/** @file Kernels as pictures: red for weights above 0, blue below, on one scale; and those over a picture's colours in colour. */

type Colour = readonly [number, number, number]

/** The middle and the ends of ColorBrewer's `RdBu` (https://colorbrewer2.org), which people who are colour-blind tell apart. */
const nothing: Colour = [247, 247, 247]
const excites: Colour = [178, 24, 43]
const inhibits: Colour = [33, 102, 172]

/** Dark grey: neither above nor below. */
const unknown: Colour = [90, 90, 90]

/** The colour of a weight on a scale that ends at `largest` and at `-largest`. */
export function weightColour(weight: number, largest: number): Colour {
  if (Number.isNaN(weight)) return unknown
  const share = largest > 0 ? Math.min(1, Math.abs(weight) / largest) : 0
  const end = weight < 0 ? inhibits : excites
  return nothing.map((from, band) => Math.round(from + (end[band]! - from) * share)) as unknown as Colour
}

/** RGBA, `[rows, columns, 4]` for weights `[rows, columns]`. */
export function kernelPixels(weights: ArrayLike<number>, largest: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(weights.length * 4)
  for (let i = 0; i < weights.length; i++) pixels.set([...weightColour(weights[i]!, largest), 255], i * 4)
  return pixels
}

/** The grey of a weight of 0 in a kernel that is shown in colour. */
const grey = 127.5

/**
 * A kernel over red, green and blue as a picture, RGBA: grey is 0, a channel at its brightest is the largest weight of all. Each of
 * the three has weights `[rows, columns]`.
 */
export function colourPixels(
  bands: readonly ArrayLike<number>[],
  largest: number,
): Uint8ClampedArray<ArrayBuffer> {
  const places = bands[0]!.length
  const pixels = new Uint8ClampedArray(places * 4).fill(255)
  for (let i = 0; i < places; i++)
    for (const [band, weights] of bands.entries())
      pixels[i * 4 + band] = largest > 0 ? grey + (grey * weights[i]!) / largest : grey
  return pixels
}
