/**
 * @file Decodes a PNG that `png/plainPng` leaves alone, by WebCodecs' ImageDecoder. Without a bitmap, a canvas and a check of its alpha in between, this
 * takes a third of the processor's time. It is used only if a trial shows that its pixels are those of the file;
 * files that it refuses are decoded to a bitmap, and a browser without it gets `png/anyPng`. JPEG, WebP and AVIF come out of it as YUV, whose RGB
 * differs.
 */
import type { Pixels } from '../../core/preprocessing/toInput.ts'

/** TypeScript has no types for it yet. */
interface Options extends ImageDecoderInit {
  readonly colorSpaceConversion: 'none'
}

/** 2×2 pixels, most of them half transparent, with a gamma that must not be applied. */
const trial =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAABGdBTUEAAYagMeiWXwAAABpJREFUeNpjOJFixMwedamBgeE/I4OiU/J/ADNZBdoFty6HAAAAAElFTkSuQmCC'
const trialPixels = [200, 100, 50, 3, 7, 90, 210, 128, 0, 255, 1, 0, 33, 66, 99, 255]

let exact: Promise<boolean> | null = null

/** RGBA as in the file, not premultiplied. Is null if the file must be decoded in another way. */
export async function decodePng(bytes: Uint8Array<ArrayBuffer>): Promise<Pixels | null> {
  return (await decodesExactly()) ? decode(bytes) : null
}

/** Whether this browser gives the numbers of a PNG as they are in the file. */
export function decodesExactly(): Promise<boolean> {
  exact ??= isExact()
  return exact
}

async function isExact(): Promise<boolean> {
  if (typeof ImageDecoder === 'undefined') return false
  const pixels = await decode(Uint8Array.from(atob(trial), (c) => c.charCodeAt(0)))
  return pixels !== null && pixels.data.every((value, i) => value === trialPixels[i])
}

async function decode(data: Uint8Array<ArrayBuffer>): Promise<Pixels | null> {
  const options: Options = { data, type: 'image/png', colorSpaceConversion: 'none' }
  let decoder: ImageDecoder | null = null
  let frame: VideoFrame | null = null
  try {
    decoder = new ImageDecoder(options)
    frame = (await decoder.decode()).image
    return await pixelsOf(frame)
  } catch {
    // Decoding it in the other way reports what is wrong with it.
    return null
  } finally {
    frame?.close()
    decoder?.close()
  }
}

async function pixelsOf(frame: VideoFrame): Promise<Pixels | null> {
  const { format, displayWidth: width, displayHeight: height } = frame
  if (format === null || !/^(RGB|BGR)[AX]$/.test(format)) return null
  const data = new Uint8Array(width * height * 4)
  if (frame.allocationSize() !== data.length) return null
  await frame.copyTo(data)
  if (format.startsWith('BGR')) swapRedAndBlue(data)
  if (format.endsWith('X')) for (let i = 3; i < data.length; i += 4) data[i] = 255
  return { data, width, height }
}

function swapRedAndBlue(data: Uint8Array): void {
  for (let i = 0; i < data.length; i += 4) {
    const blue = data[i]!
    data[i] = data[i + 2]!
    data[i + 2] = blue
  }
}
