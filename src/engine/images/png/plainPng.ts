/**
 * @file Decodes plain PNGs in this thread, in a program of our own: eight bits a channel, no interlace, no transparent
 * colour, all checksums right. Handing a picture to the browser's decoder and its pixels back takes more time than decoding
 * it. Whatever is not plain, or not right, is the browser's to decode or to refuse.
 */
import type { Pixels } from '../../../core/preprocessing/toInput.ts'
import { letters } from '../headers/byteWindow.ts'
import { inflate } from './inflate.ts'
import { overshoot } from './inflateProgram.ts'
import { addresses, PngMachine } from './pngProgram.ts'
import { type PixelKind, pixelKinds } from './unfilterProgram.ts'

/** A larger picture would hold this thread, and memory, for too long. */
const mostPixels = 2 ** 20

/** The kinds of pixels by their number in the header; a palette's numbers are like grey. */
const kinds: Readonly<Record<number, PixelKind>> = {
  0: 'grey',
  2: 'rgb',
  3: 'grey',
  4: 'greyAlpha',
  6: 'rgba',
}
const paletteColours = 3

/** Chunks that say nothing about the bytes of the pixels. */
const harmless = /^(bKGD|cHRM|eXIf|gAMA|hIST|iCCP|iTXt|pHYs|sBIT|sPLT|sRGB|tEXt|tIME|zTXt)$/

/** It is made when the first PNG comes; null in a browser without SIMD. */
let ownMachine: PngMachine | null | undefined

/** RGBA as in the file, not premultiplied and not turned. Is null if the file must be decoded in another way. */
export function decodePlainPng(file: Uint8Array): Pixels | null {
  ownMachine ??= PngMachine.start()
  return ownMachine && decode(ownMachine, file)
}

/** The parts of a plain PNG. */
interface Parts {
  readonly width: number
  readonly height: number
  readonly kind: PixelKind
  /** The colours as RGBA numbers, `[256]`. */
  readonly palette: Uint32Array | null
  /** Where the packed pixels are in the memory. */
  readonly packed: number
  readonly packedEnd: number
}

function decode(machine: PngMachine, file: Uint8Array): Pixels | null {
  const margin = 64
  const copy = addresses.free
  const copyEnd = copy + file.length
  if (!machine.reserve(copyEnd + margin)) return null
  machine.bytes.set(file, copy)
  const parts = readParts(machine, copy, copyEnd)
  if (!parts) return null
  const { width, height, kind, palette } = parts
  const rows = aligned(copyEnd + margin)
  const rowsEnd = rows + height * (1 + width * pixelKinds[kind].bytes)
  const above = aligned(rowsEnd + overshoot)
  const rgba = above + width * 4
  if (!machine.reserve(rgba + width * height * 4)) return null
  if (!inflate(machine, parts.packed, parts.packedEnd, rows, rowsEnd)) return null
  const { bytes, words, program } = machine
  bytes.fill(0, above, rgba)
  bytes[addresses.unknown] = 0
  program[kind](rows, rowsEnd, width, rgba, addresses.unknown)
  if (bytes[addresses.unknown] !== 0) return null
  if (palette) {
    const pixels = words.subarray(rgba / 4, rgba / 4 + width * height)
    for (let i = 0; i < pixels.length; i++) pixels[i] = palette[pixels[i]! & 0xff]!
  }
  return { data: bytes.slice(rgba, rgba + width * height * 4), width, height }
}

function aligned(address: number): number {
  return Math.ceil(address / 16) * 16
}

const signatureBytes = 8

/** Reads the chunks and moves the packed pixels together. Is null if there is anything unusual. */
function readParts(machine: PngMachine, file: number, end: number): Parts | null {
  const { bytes } = machine
  const view = new DataView(bytes.buffer)
  let head: (Pick<Parts, 'width' | 'height' | 'kind'> & { readonly colours: number }) | null = null
  let palette: Uint32Array | null = null
  let packed = 0
  let packedEnd = 0
  let before = ''
  for (let at = file + signatureBytes; at + 12 <= end;) {
    const length = view.getUint32(at)
    const data = at + 8
    const dataEnd = data + length
    if (dataEnd + 4 > end) return null
    const name = letters(view, at + 4, 4)
    if (machine.crc32(at + 4, dataEnd) !== view.getUint32(dataEnd)) return null
    if ((head === null) !== (name === 'IHDR')) return null
    switch (name) {
      case 'IHDR': {
        const [width, height] = [view.getUint32(data), view.getUint32(data + 4)]
        const [bits, colours = -1, ...others] = bytes.subarray(data + 8, dataEnd)
        const kind = kinds[colours]
        const isPlain = length === 13 && bits === 8 && others.every((value) => value === 0)
        if (!kind || !isPlain || !(width >= 1 && height >= 1 && width * height <= mostPixels)) return null
        head = { width, height, kind, colours }
        break
      }
      case 'PLTE':
        if (head!.kind.startsWith('grey') && head!.colours !== paletteColours) return null
        if (palette !== null || packed !== 0 || length % 3 !== 0 || length > 768 || length === 0) return null
        palette = paletteOf(bytes.subarray(data, dataEnd))
        break
      case 'IDAT':
        if (packed !== 0 && before !== 'IDAT') return null
        if (packed === 0) packed = packedEnd = data
        bytes.copyWithin(packedEnd, data, dataEnd)
        packedEnd += length
        break
      case 'IEND': {
        if (packed === 0 || (head!.colours === paletteColours && !palette)) return null
        return { ...head!, palette: head!.colours === paletteColours ? palette : null, packed, packedEnd }
      }
      default:
        if (!harmless.test(name)) return null
    }
    before = name
    at = dataEnd + 4
  }
  return null
}

/** Numbers without a colour are black, as for libpng, Pillow and TensorFlow. */
function paletteOf(colours: Uint8Array): Uint32Array {
  const palette = new Uint8Array(4 * 256)
  for (let i = 0; i < 256; i++) {
    palette.set(colours.subarray(3 * i, 3 * i + 3), 4 * i)
    palette[4 * i + 3] = 255
  }
  return new Uint32Array(palette.buffer)
}
