/**
 * @file Makes copies of large pictures that are small enough to be kept by the hundred. Tiles are cut from them:
 * decoding a photo of 24 megapixels takes up to a second, decoding its copy 15 ms. They are made when a picture is
 * decoded anyway, and are JPEGs of 0.1 to 0.2 MB.
 */
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { opaqueBitmap } from './decodeImage.ts'

export interface PictureCopy {
  /** The image's number in the table. */
  readonly image: number
  /** The size of the picture itself, turned as the network gets it. */
  readonly width: number
  readonly height: number
  readonly file: Blob
}

/** Pictures up to this size are decoded so fast that a copy would be of no use. */
const mostWithoutCopy = 2 ** 21
const pixelsOfCopy = 2 ** 20
/** The quality of the JPEG: no artefact can be seen in a patch that is not enlarged. */
const quality = 0.9

export function isLarge({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return width * height > mostWithoutCopy
}

/** Copies an opaque picture; the bitmap stays the caller's. */
export function copyOfBitmap(bitmap: ImageBitmap): Promise<Blob> {
  return drawCopy(bitmap).convertToBlob({ type: 'image/jpeg', quality })
}

/** Copies pixels that are not needed any more: their transparency is dropped in place. */
export async function copyOfPixels(pixels: Pixels): Promise<Blob> {
  const bitmap = await opaqueBitmap(pixels)
  try {
    return await copyOfBitmap(bitmap)
  } finally {
    bitmap.close()
  }
}

/** The copy as it would be decoded from its file, but without encoding and decoding it. */
export function shrinkBitmap(bitmap: ImageBitmap): Promise<ImageBitmap> {
  return createImageBitmap(drawCopy(bitmap))
}

function drawCopy(bitmap: ImageBitmap): OffscreenCanvas {
  const { width, height } = bitmap
  const scale = Math.sqrt(pixelsOfCopy / (width * height))
  // At least one row of pixels is left of a very long picture.
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.floor(width * scale)),
    Math.max(1, Math.floor(height * scale)),
  )
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas
}
