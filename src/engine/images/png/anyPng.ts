/**
 * @file Decodes PNGs of nearly every kind with fast-png, for browsers that cannot give back what is in the file: without WebGL they lose
 * the colours of transparent pixels, and some convert colours although they are asked not to. Loaded when it is first needed.
 */
import { decode, type DecodedPng } from 'fast-png'
import { clauseError } from '../../../core/errors.ts'
import type { Pixels } from '../../../core/preprocessing/toInput.ts'
import { crc32 } from '../../archives/crc32.ts'

/** Where the head of the file says whether its rows are interlaced. */
const interlacing = 28

/** The name of the last chunk, as a number. */
const lastChunk = 0x49454e44

/**
 * RGBA as in the file, not premultiplied and not turned; of 16 bits the upper eight, as Pillow and browsers take. Is null for
 * what fast-png does not take apart, as interlaced files of fewer than eight bits. Throws `images/undecodable` for files that
 * are damaged: Firefox would show what is left of them.
 */
export function decodeAnyPng(file: Uint8Array): Pixels | null {
  let png: DecodedPng
  try {
    png = decode(file, { checkCrc: true })
  } catch {
    if (isDamaged(file)) throw clauseError('images/undecodable', { kind: 'PNG' })
    return null
  }
  const { width, height, depth, channels } = png
  if (depth < 8 && file[interlacing] !== 0) return null
  const rowLength = depth < 8 ? Math.ceil((width * channels * depth) / 8) : width * channels
  if (png.data.length !== rowLength * height) return null
  const data = new Uint8Array(width * height * 4)
  const write = writerOf(png)
  const sample = sampleOf(png, rowLength)
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++, to += 4) write(data, to, (channel) => sample(y, x * channels + channel))
  return { data, width, height }
}

/** Whether the file is cut off, or a chunk that matters is not what its checksum says. */
function isDamaged(file: Uint8Array): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  for (let at = 8, end; at + 12 <= file.length; at = end) {
    end = at + 12 + view.getUint32(at)
    if (end > file.length) return true
    // The names of chunks that matter begin with a capital letter.
    const matters = (file[at + 4]! & 0x20) === 0
    if (matters && crc32(file.subarray(at + 4, end - 4)) !== view.getUint32(end - 4)) return true
    if (view.getUint32(at + 4) === lastChunk) return false
  }
  return true
}

type Sample = (channel: number) => number

/** Reads sample `at` of row `y`. Rows of fewer than eight bits begin at a whole byte. */
function sampleOf({ data, depth }: DecodedPng, rowLength: number): (y: number, at: number) => number {
  if (depth >= 8) return (y, at) => data[y * rowLength + at]!
  const perByte = 8 / depth
  const mask = (1 << depth) - 1
  return (y, at) => {
    const byte = data[y * rowLength + Math.floor(at / perByte)]!
    return (byte >> (8 - depth - (at % perByte) * depth)) & mask
  }
}

/** Writes a pixel of this kind of picture as RGBA. */
function writerOf(png: DecodedPng): (rgba: Uint8Array, to: number, sample: Sample) => void {
  const { depth, channels, palette, transparency } = png
  if (palette && channels === 1) {
    // Numbers without a colour are black, as for libpng, Pillow and TensorFlow.
    const black = [0, 0, 0]
    return (rgba, to, sample) => {
      const [red = 0, green = 0, blue = 0, alpha = 255] = palette[sample(0)] ?? black
      rgba[to] = red
      rgba[to + 1] = green
      rgba[to + 2] = blue
      rgba[to + 3] = alpha
    }
  }
  const toByte = depth === 16 ? (value: number) => value >> 8 : scaled(255 / ((1 << depth) - 1))
  const colours = channels < 3 ? 1 : 3
  const hasAlpha = channels === 2 || channels === 4
  return (rgba, to, sample) => {
    let isClear = transparency?.length === colours
    for (let i = 0; i < 3; i++) {
      const value = sample(colours === 1 ? 0 : i)
      rgba[to + i] = toByte(value)
      isClear &&= value === transparency![colours === 1 ? 0 : i]
    }
    rgba[to + 3] = hasAlpha ? toByte(sample(channels - 1)) : isClear ? 0 : 255
  }
}

function scaled(factor: number): (value: number) => number {
  return (value) => value * factor
}
