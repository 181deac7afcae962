/**
 * @file Decodes PNGs of nearly every kind with fast-png, for browsers that cannot give back what is in the file: without WebGL they lose
 * the colours of transparent pixels, and some convert colours although they are asked not to. Loaded when it is first needed.
 */
import { decode, type DecodedPng } from 'fast-png'
import type { Pixels } from '../../../core/preprocessing/toInput.ts'

/** Where the head of the file says whether its rows are interlaced. */
const interlacing = 28

/**
 * RGBA as in the file, not premultiplied and not turned; of 16 bits the upper eight, as Pillow and browsers take. Is null for
 * files that are damaged, and for interlaced ones of fewer than eight bits, which fast-png does not take apart.
 */
export function decodeAnyPng(file: Uint8Array): Pixels | null {
  let png: DecodedPng
  try {
    png = decode(file, { checkCrc: true })
  } catch {
    // Decoding it in the other way reports what is wrong with it.
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
