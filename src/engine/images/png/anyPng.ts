/**
 * @file Decodes PNGs of nearly every kind with fast-png, for browsers that cannot give back what is in the file: without WebGL they lose
 * the colours of transparent pixels, and some convert colours although they are asked not to. Loaded when it is first needed.
 */
import { decode, type DecodedPng } from 'fast-png'
import { clauseError } from '../../../core/errors.ts'
import type { Pixels } from '../../../core/preprocessing/toInput.ts'
import { crc32 } from '../../archives/crc32.ts'
import { letters } from '../headers/byteWindow.ts'
import { bytesWithSplices } from '../headers/pictureHeader.ts'
import type { FileRange } from '../fileRange.ts'

/** How long the signature is, behind which the first chunk begins. */
const signature = 8

/** Where the head of the file says whether its rows are interlaced. */
const interlacing = 28

/**
 * RGBA as in the file, not premultiplied and not turned; of 16 bits the upper eight, as Pillow and browsers take. Is null for
 * what fast-png does not take apart, as interlaced files of fewer than eight bits. Rejects with `images/undecodable` for files
 * that are damaged: Firefox would show what is left of them.
 */
export async function decodeAnyPng(file: FileRange): Promise<Pixels | null> {
  if (await unpacksTooFar(file)) throw undecodable()
  let png: DecodedPng
  try {
    png = decode(withPixelsOnly(file), { checkCrc: true })
  } catch {
    if (isDamaged(file)) throw undecodable()
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

function undecodable(): Error {
  return clauseError('images/undecodable', { kind: 'PNG' })
}

interface Chunk {
  readonly name: string
  /** From its length to behind its checksum; `end` may lie behind the end of the file. */
  readonly start: number
  readonly end: number
}

/** The chunks up to the last one, or to the end of the file. */
function* chunksOf(file: FileRange): Generator<Chunk> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  for (let start = signature, name = ''; name !== 'IEND' && start + 12 <= file.length;) {
    name = letters(view, start + 4, 4)
    const end = start + 12 + view.getUint32(start)
    yield { name, start, end }
    start = end
  }
}

/** Whether the file is cut off, or a chunk that matters is not what its checksum says. */
function isDamaged(file: FileRange): boolean {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  for (const { name, start, end } of chunksOf(file)) {
    if (end > file.length) return true
    // The names of chunks that matter begin with a capital letter.
    const matters = /^[A-Z]/.test(name)
    if (matters && crc32(file.subarray(start + 4, end - 4)) !== view.getUint32(end - 4)) return true
    if (name === 'IEND') return false
  }
  return true
}

const aboutPixels: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'])

/** Leaves out what does not change the pixels: of a colour profile, fast-png would unpack as much as there is. */
function withPixelsOnly(file: FileRange): FileRange {
  const others = [...chunksOf(file)].filter(({ name }) => !aboutPixels.has(name))
  const splices = others.map(({ start, end }) => ({ start, end, bytes: new Uint8Array() }))
  return bytesWithSplices(file, splices)
}

/** What is packed by deflate is at most so much longer. */
const mostPacking = 1032

/** Pixels are unpacked beyond their number, as far as libpng does, but not without end. */
const mostBeyond = 2 ** 28

/** Whether so much is packed where the pixels should be that unpacking it takes all memory, which fast-png would try. */
async function unpacksTooFar(file: FileRange): Promise<boolean> {
  const chunks = [...chunksOf(file)]
  if (chunks[0]?.name !== 'IHDR' || chunks[0].end > file.length) return false
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const [width, height] = [view.getUint32(signature + 8), view.getUint32(signature + 12)]
  const most = mostBeyond + height * (1 + 8 * width)
  const packed = chunks
    .filter(({ name }) => name === 'IDAT')
    .map(({ start, end }) => file.subarray(start + 8, end - 4))
  if (packed.reduce((sum, { length }) => sum + length, 0) * mostPacking <= most) return false
  const reader = new Blob(packed).stream().pipeThrough(new DecompressionStream('deflate')).getReader()
  try {
    for (let bytes = 0; bytes <= most;) {
      const { done, value } = await reader.read()
      if (done) return false
      bytes += value.byteLength
    }
    await reader.cancel()
    return true
  } catch {
    // The decoder says so of a damaged stream.
    return false
  }
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
