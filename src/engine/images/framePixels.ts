/** @file Reads the pixels of WebCodecs' frames, which some browsers keep as they are in the file and others premultiply. */
import type { Pixels } from '../../core/preprocessing/toInput.ts'

/** 2×2 pixels, most of them half transparent, with a gamma that must not be applied. */
const trial =
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAYAAABytg0kAAAABGdBTUEAAYagMeiWXwAAABpJREFUeNpjOJFixMwedamBgeE/I4OiU/J/ADNZBdoFty6HAAAAAElFTkSuQmCC'
const trialPixels = [200, 100, 50, 3, 7, 90, 210, 128, 0, 255, 1, 0, 33, 66, 99, 255]

/** Whether this way of decoding a PNG gives the numbers that are in the file. */
export async function isExact(
  decode: (file: Uint8Array<ArrayBuffer>) => Promise<Pixels | null>,
): Promise<boolean> {
  const pixels = await decode(Uint8Array.from(atob(trial), (c) => c.charCodeAt(0)))
  return pixels !== null && pixels.data.every((value, i) => value === trialPixels[i])
}

/** RGBA. Is null for a frame whose pixels are no bytes of red, green and blue. */
export async function framePixels(frame: VideoFrame): Promise<Pixels | null> {
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
