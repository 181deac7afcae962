/** @file Undoes what an encoder of lossless WebP did to the pixels (RFC 9649, section 3.5). Pixels are ARGB, 32 bits each. */

/** A picture's pixels, row by row. */
export interface Argb {
  readonly width: number
  readonly height: number
  readonly pixels: Uint32Array
}

export interface Transform {
  readonly kind: 'predictor' | 'crossColour' | 'subtractGreen' | 'palette'
  /** The logarithm of the side of a block, or of how many pixels a byte holds. */
  readonly bits: number
  /** What is said of each block, or the palette's colours. */
  readonly data: Argb
  /** The width before the transform was applied. */
  readonly width: number
}

/** Works in place but for palettes that put several pixels into one. */
export function undo(transform: Transform, picture: Argb): Argb {
  switch (transform.kind) {
    case 'predictor':
      unpredict(transform, picture)
      return picture
    case 'crossColour':
      uncross(transform, picture)
      return picture
    case 'subtractGreen':
      addGreen(picture.pixels)
      return picture
    case 'palette':
      return unpalette(transform, picture)
  }
}

const black = 0xff000000

/** Adds the channels of two pixels, each modulo 256. */
export function add(a: number, b: number): number {
  return (
    (((a & 0xff00ff00) + (b & 0xff00ff00)) & 0xff00ff00) |
    (((a & 0x00ff00ff) + (b & 0x00ff00ff)) & 0x00ff00ff)
  )
}

/** The mean of each channel, rounded down. */
function mean(a: number, b: number): number {
  return (((a ^ b) & 0xfefefefe) >>> 1) + (a & b)
}

function clamped(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value
}

/** Combines the channels of three pixels. */
function byChannel(
  a: number,
  b: number,
  c: number,
  combined: (a: number, b: number, c: number) => number,
): number {
  let pixel = 0
  for (let shift = 0; shift < 32; shift += 8)
    pixel |= clamped(combined((a >>> shift) & 255, (b >>> shift) & 255, (c >>> shift) & 255)) << shift
  return pixel
}

const full = (a: number, b: number, c: number): number => a + b - c
const half = (a: number, b: number): number => a + Math.trunc((a - b) / 2)

/** Left or top, whichever is nearer to left + top − top left. */
function nearer(left: number, top: number, topLeft: number): number {
  let [toLeft, toTop] = [0, 0]
  for (let shift = 0; shift < 32; shift += 8) {
    const corner = (topLeft >>> shift) & 255
    toLeft += Math.abs(((top >>> shift) & 255) - corner)
    toTop += Math.abs(((left >>> shift) & 255) - corner)
  }
  return toLeft < toTop ? left : top
}

type Predictor = (left: number, top: number, topRight: number, topLeft: number) => number

/** By their numbers; 14 and 15 are black too. */
const predictors: readonly Predictor[] = [
  () => black,
  (left) => left,
  (_, top) => top,
  (_l, _t, topRight) => topRight,
  (_l, _t, _r, topLeft) => topLeft,
  (left, top, topRight) => mean(mean(left, topRight), top),
  (left, _, _r, topLeft) => mean(left, topLeft),
  (left, top) => mean(left, top),
  (_, top, _r, topLeft) => mean(topLeft, top),
  (_, top, topRight) => mean(top, topRight),
  (left, top, topRight, topLeft) => mean(mean(left, topLeft), mean(top, topRight)),
  (left, top, _, topLeft) => nearer(left, top, topLeft),
  (left, top, _, topLeft) => byChannel(left, top, topLeft, full),
  (left, top, _, topLeft) => byChannel(mean(left, top), topLeft, 0, half),
  () => black,
  () => black,
]

function unpredict({ bits, data }: Transform, { width, height, pixels }: Argb): void {
  pixels[0] = add(pixels[0]!, black)
  for (let x = 1; x < width; x++) pixels[x] = add(pixels[x]!, pixels[x - 1]!)
  for (let y = 1; y < height; y++) {
    const row = y * width
    pixels[row] = add(pixels[row]!, pixels[row - width]!)
    for (let x = 1; x < width; x++) {
      const at = row + x
      const mode = (data.pixels[(y >> bits) * data.width + (x >> bits)]! >>> 8) & 15
      // Right of the last pixel of a row comes the first of the next one.
      const predicted = predictors[mode]!(
        pixels[at - 1]!,
        pixels[at - width]!,
        pixels[at - width + 1]!,
        pixels[at - width - 1]!,
      )
      pixels[at] = add(pixels[at]!, predicted)
    }
  }
}

/** A byte as a number with a sign. */
function signed(byte: number): number {
  return (byte << 24) >> 24
}

function uncross({ bits, data }: Transform, { width, height, pixels }: Argb): void {
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++, at++) {
      const factors = data.pixels[(y >> bits) * data.width + (x >> bits)]!
      const pixel = pixels[at]!
      const green = signed(pixel >>> 8)
      const red = ((pixel >>> 16) + ((signed(factors) * green) >> 5)) & 255
      const blue =
        (pixel + ((signed(factors >>> 8) * green) >> 5) + ((signed(factors >>> 16) * signed(red)) >> 5)) & 255
      pixels[at] = (pixel & 0xff00ff00) | (red << 16) | blue
    }
}

function addGreen(pixels: Uint32Array): void {
  for (let i = 0; i < pixels.length; i++) {
    const green = (pixels[i]! >>> 8) & 255
    pixels[i] = add(pixels[i]!, (green << 16) | green)
  }
}

function unpalette({ bits, data, width }: Transform, packed: Argb): Argb {
  const { height } = packed
  const pixels = bits === 0 ? packed.pixels : new Uint32Array(width * height)
  const bitsOfPixel = 8 >> bits
  const mask = (1 << bitsOfPixel) - 1
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to++) {
      const green = (packed.pixels[y * packed.width + (x >> bits)]! >>> 8) & 255
      const index = (green >> ((x & ((1 << bits) - 1)) * bitsOfPixel)) & mask
      // Numbers without a colour are transparent black.
      pixels[to] = data.pixels[index] ?? 0
    }
  return { width, height, pixels }
}
