/** @file Reads a picture of a dataset file (CIFAR-10, MNIST), whose bytes are its pixels. */
import { clauseError } from '../../core/errors.ts'
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import type { FileRange } from './fileRange.ts'
import type { RawImage } from './imageHandle.ts'

/**
 * Gives opaque RGBA, with grey three times if there is one channel. `range`: the picture's bytes if they were read
 * before. Throws `images/unreadable` if the file is cut off.
 */
export async function readRaw(
  image: RawImage,
  range: FileRange | null,
): Promise<Pixels & { data: Uint8ClampedArray<ArrayBuffer> }> {
  const { file, offset, width, height, channels, layout } = image
  const count = width * height
  const bytes = range ?? new Uint8Array(await file.slice(offset, offset + count * channels).arrayBuffer())
  if (bytes.length < count * channels)
    throw clauseError('images/unreadable', { reason: 'the dataset file is cut off' })
  const data = new Uint8ClampedArray(count * 4).fill(255)
  // The distance from one pixel to the next, and from one channel of a pixel to the next.
  const [pixel, channel] = layout === 'planar' ? [1, count] : [channels, 1]
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) data[i * 4 + c] = bytes[i * pixel + (channels === 1 ? 0 : c) * channel]!
  return { width, height, data }
}
