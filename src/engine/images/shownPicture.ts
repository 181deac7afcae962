/** @file Decodes a picture to be looked at, no larger than the page can show. */
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { decodeOpaque, type PixelReader } from './decodeImage.ts'
import type { ImageHandle } from './imageHandle.ts'
import { smallerBitmap } from './smallerBitmap.ts'

export interface ShownPicture {
  /** As the network sees the picture: without transparency. The caller closes it. */
  readonly bitmap: ImageBitmap
  /** The picture's real size. */
  readonly width: number
  readonly height: number
}

/** The bitmap is at most `maxSide` pixels wide and high. Throws `images/…`. */
export async function shownPicture(
  handle: ImageHandle,
  maxSide: number,
  orientation: Preprocessing['orientation'],
  reader: PixelReader,
): Promise<ShownPicture> {
  const original = await decodeOpaque(handle, orientation, reader)
  try {
    const { width, height } = original
    return { bitmap: await smallerBitmap(original, maxSide), width, height }
  } finally {
    original.close()
  }
}
