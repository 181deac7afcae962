/** @file The network's input of one picture, computed as a scan computes it. */
import { elementCount, type MapShape } from '../../core/model/network.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { type Pixels, writeInput } from '../../core/preprocessing/toInput.ts'
import { type PixelReader, usingPixels } from './decodeImage.ts'
import type { ImageHandle } from './imageHandle.ts'

/** A picture in a file, or one that is decoded already: pasted, drawn, or of a camera. */
export type Picture = ImageHandle | Pixels

export function isDecoded(picture: Picture): picture is Pixels {
  return typeof picture === 'object' && 'data' in picture
}

/** Returns the input `[H, W, C]`. Throws `images/…` if the picture cannot be read, and `setting/channels`. */
export async function pictureInput(
  picture: Picture,
  inputShape: MapShape,
  preprocessing: Preprocessing,
  reader: PixelReader,
): Promise<Float32Array> {
  const toInput = (pixels: Pixels): Float32Array => inputOfPixels(pixels, inputShape, preprocessing)
  return isDecoded(picture)
    ? toInput(picture)
    : usingPixels(picture, preprocessing.orientation, reader, toInput)
}

/** Throws `setting/channels`. */
export function inputOfPixels(
  pixels: Pixels,
  inputShape: MapShape,
  preprocessing: Preprocessing,
): Float32Array {
  const input = new Float32Array(elementCount(inputShape))
  writeInput(pixels, inputShape, preprocessing, input, 0)
  return input
}
