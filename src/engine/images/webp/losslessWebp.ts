/**
 * @file Decodes a lossless WebP (VP8L, RFC 9649), for browsers whose bitmaps lose the colours of transparent pixels: their own decoders give
 * no other. What is kept on npm brings an encoder's binaries along, or a libwebp with a known hole. Loaded when it is first needed.
 */
import type { Pixels } from '../../../core/preprocessing/toInput.ts'
import { BitReader, BrokenStream, type PrefixCode, readNumber, readPrefixCode } from './prefixCodes.ts'
import { add, type Argb, type Transform, undo } from './transforms.ts'

const signature = 0x2f
const kinds = ['predictor', 'crossColour', 'subtractGreen', 'palette'] as const

/** `chunk`: the content of the chunk VP8L. RGBA as in the file, not premultiplied. Is null if it is damaged. */
export function decodeLosslessWebp(chunk: Uint8Array): Pixels | null {
  try {
    const bits = new BitReader(chunk, 1)
    const [width, height] = [bits.read(14) + 1, bits.read(14) + 1]
    const hasAlpha = bits.read(1) === 1
    if (chunk[0] !== signature || bits.read(3) !== 0) return null
    const { pixels } = readPicture(bits, width, height)
    const data = new Uint8Array(pixels.buffer as ArrayBuffer)
    // In place: from one number of 32 bits to its four bytes.
    for (let i = 0; i < pixels.length; i++) {
      const pixel = pixels[i]!
      data[4 * i] = pixel >>> 16
      data[4 * i + 1] = pixel >>> 8
      data[4 * i + 2] = pixel
      data[4 * i + 3] = hasAlpha ? pixel >>> 24 : 255
    }
    return { data, width, height }
  } catch (error) {
    if (error instanceof BrokenStream) return null
    throw error
  }
}

function readPicture(bits: BitReader, width: number, height: number): Argb {
  const transforms: Transform[] = []
  let columns = width
  while (bits.read(1)) {
    const kind = kinds[bits.read(2)]!
    if (transforms.some((other) => other.kind === kind)) throw new BrokenStream()
    const transform = readTransform(bits, kind, columns, height)
    transforms.push(transform)
    if (kind === 'palette') columns = blocks(columns, transform.bits)
  }
  let picture = readPixels(bits, columns, height, true)
  for (const transform of transforms.toReversed()) picture = undo(transform, picture)
  return picture
}

const nothing: Argb = { width: 0, height: 0, pixels: new Uint32Array(0) }

function readTransform(bits: BitReader, kind: Transform['kind'], width: number, height: number): Transform {
  if (kind === 'subtractGreen') return { kind, bits: 0, data: nothing, width }
  if (kind === 'palette') {
    const colours = bits.read(8) + 1
    const data = readPixels(bits, colours, 1, false)
    // Each colour is written as its difference from the one before.
    for (let i = 1; i < colours; i++) data.pixels[i] = add(data.pixels[i]!, data.pixels[i - 1]!)
    return { kind, bits: colours > 16 ? 0 : colours > 4 ? 1 : colours > 2 ? 2 : 3, data, width }
  }
  const side = bits.read(3) + 2
  return { kind, bits: side, data: readPixels(bits, blocks(width, side), blocks(height, side), false), width }
}

/** How many blocks of `2 ** bits` pixels cover so many. */
function blocks(pixels: number, bits: number): number {
  return (pixels + (1 << bits) - 1) >> bits
}

/** The codes of a part of the picture. */
interface Codes {
  /** Greens, then lengths of copies, then numbers of remembered colours. */
  readonly green: PrefixCode
  readonly red: PrefixCode
  readonly blue: PrefixCode
  readonly alpha: PrefixCode
  readonly distance: PrefixCode
}

const lengthPrefixes = 24
const distancePrefixes = 40

/** Reads pixels that are coded, and copies of earlier ones. Only the picture itself may have several sets of codes. */
function readPixels(bits: BitReader, width: number, height: number, isPicture: boolean): Argb {
  const cacheBits = bits.read(1) ? bits.read(4) : 0
  if (cacheBits > 11) throw new BrokenStream()
  const groups = isPicture && bits.read(1) ? readGroups(bits, width, height) : null
  const count = groups ? groups.pixels.reduce((most, pixel) => Math.max(most, groupOf(pixel)), 0) + 1 : 1
  const codes: Codes[] = []
  for (let i = 0; i < count; i++) codes.push(readCodes(bits, cacheBits))

  const pixels = new Uint32Array(width * height)
  const cache = new Uint32Array(cacheBits > 0 ? 1 << cacheBits : 0)
  /** How many of the pixels the cache knows. */
  let cached = 0
  for (let at = 0; at < pixels.length;) {
    const block = groups && groups.at(at % width, Math.floor(at / width))
    const code = codes[block ?? 0]!
    const green = code.green.read(bits)
    if (green < 256) {
      const red = code.red.read(bits)
      const blue = code.blue.read(bits)
      pixels[at++] = (code.alpha.read(bits) << 24) | (red << 16) | (green << 8) | blue
    } else if (green < 256 + lengthPrefixes) {
      const length = readNumber(bits, green - 256)
      const back = distanceBack(readNumber(bits, code.distance.read(bits)), width)
      if (back > at || at + length > pixels.length) throw new BrokenStream()
      for (let i = 0; i < length; i++, at++) pixels[at] = pixels[at - back]!
    } else {
      for (; cached < at; cached++) remember(cache, cacheBits, pixels[cached]!)
      pixels[at++] = cache[green - 256 - lengthPrefixes]!
    }
  }
  return { width, height, pixels }
}

function remember(cache: Uint32Array, bits: number, pixel: number): void {
  cache[Math.imul(pixel, 0x1e35a7bd) >>> (32 - bits)] = pixel
}

interface Groups {
  readonly pixels: Uint32Array
  /** Which codes the pixel is written in. */
  at(x: number, y: number): number
}

function groupOf(pixel: number): number {
  return (pixel >>> 8) & 0xffff
}

function readGroups(bits: BitReader, width: number, height: number): Groups {
  const side = bits.read(3) + 2
  const { pixels, width: columns } = readPixels(bits, blocks(width, side), blocks(height, side), false)
  return { pixels, at: (x, y) => groupOf(pixels[(y >> side) * columns + (x >> side)]!) }
}

function readCodes(bits: BitReader, cacheBits: number): Codes {
  const colours = cacheBits > 0 ? 1 << cacheBits : 0
  return {
    green: readPrefixCode(bits, 256 + lengthPrefixes + colours),
    red: readPrefixCode(bits, 256),
    blue: readPrefixCode(bits, 256),
    alpha: readPrefixCode(bits, 256),
    distance: readPrefixCode(bits, distancePrefixes),
  }
}

/** The first 120 distances are places nearby, `(8 − columns to the left) + 16 · rows up`, nearest first. */
// prettier-ignore
const nearby = [
  0x18, 0x07, 0x17, 0x19, 0x28, 0x06, 0x27, 0x29, 0x16, 0x1a, 0x26, 0x2a, 0x38, 0x05, 0x37, 0x39, 0x15, 0x1b, 0x36, 0x3a,
  0x25, 0x2b, 0x48, 0x04, 0x47, 0x49, 0x14, 0x1c, 0x35, 0x3b, 0x46, 0x4a, 0x24, 0x2c, 0x58, 0x45, 0x4b, 0x34, 0x3c, 0x03,
  0x57, 0x59, 0x13, 0x1d, 0x56, 0x5a, 0x23, 0x2d, 0x44, 0x4c, 0x55, 0x5b, 0x33, 0x3d, 0x68, 0x02, 0x67, 0x69, 0x12, 0x1e,
  0x66, 0x6a, 0x22, 0x2e, 0x54, 0x5c, 0x43, 0x4d, 0x65, 0x6b, 0x32, 0x3e, 0x78, 0x01, 0x77, 0x79, 0x53, 0x5d, 0x11, 0x1f,
  0x64, 0x6c, 0x42, 0x4e, 0x76, 0x7a, 0x21, 0x2f, 0x75, 0x7b, 0x31, 0x3f, 0x63, 0x6d, 0x52, 0x5e, 0x00, 0x74, 0x7c, 0x41,
  0x4f, 0x10, 0x20, 0x62, 0x6e, 0x30, 0x73, 0x7d, 0x51, 0x5f, 0x40, 0x72, 0x7e, 0x61, 0x6f, 0x50, 0x71, 0x7f, 0x60, 0x70,
]

function distanceBack(distance: number, width: number): number {
  if (distance > nearby.length) return distance - nearby.length
  const place = nearby[distance - 1]!
  return Math.max(1, (place >> 4) * width + 8 - (place & 15))
}
