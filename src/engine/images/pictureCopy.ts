/**
 * @file Copies of large pictures, small enough to be kept by the hundred: tiles are cut from them, as to decode a photo of
 * 24 megapixels takes up to a second, a copy of it 15 ms. They are made where a picture is decoded anyway, and are JPEGs of
 * a tenth of a megabyte or two.
 */
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { opaqueBitmap } from './decodeImage.ts'

export interface PictureCopy {
  /** The image's number in the table. */
  readonly image: number
  /** Of the picture itself, turned as the network gets it. */
  readonly width: number
  readonly height: number
  readonly file: Blob
}

/** Pictures up to here are decoded so fast that a copy would be of no use. */
const mostWithoutCopy = 2 ** 21
const pixelsOfCopy = 2 ** 20
/** Of a JPEG: no artefact is seen in a patch that is not enlarged. */
const quality = 0.9

export function isLarge({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return width * height > mostWithoutCopy
}

/** Of an opaque picture; the bitmap stays the caller's. */
export function copyOfBitmap(bitmap: ImageBitmap): Promise<Blob> {
  return drawCopy(bitmap).convertToBlob({ type: 'image/jpeg', quality })
}

/** The same of pixels that nobody needs any more: their transparency is dropped in place. */
export async function copyOfPixels(pixels: Pixels): Promise<Blob> {
  const bitmap = await opaqueBitmap(pixels)
  try {
    return await copyOfBitmap(bitmap)
  } finally {
    bitmap.close()
  }
}

/** The copy as it will be found in its file, without the way through it. */
export function shrinkBitmap(bitmap: ImageBitmap): Promise<ImageBitmap> {
  return createImageBitmap(drawCopy(bitmap))
}

function drawCopy(bitmap: ImageBitmap): OffscreenCanvas {
  const { width, height } = bitmap
  const scale = Math.sqrt(pixelsOfCopy / (width * height))
  // Of a very long picture a row of pixels is left.
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.floor(width * scale)),
    Math.max(1, Math.floor(height * scale)),
  )
  const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })!
  context.imageSmoothingQuality = 'high'
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  return canvas
}
