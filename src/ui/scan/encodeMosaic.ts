/** @file A mosaic as a JPEG, which takes a fifth of a PNG of photos. */

/** Between patches a JPEG cannot be transparent: a grey that goes with light and dark pages. */
const gapColour = '#8f8f8b'

/** More takes twice the room and shows nothing more in patches of this size. */
const quality = 0.8

/** The bitmap is closed. */
export async function encodeMosaic(bitmap: ImageBitmap): Promise<Blob> {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')!
  context.fillStyle = gapColour
  context.fillRect(0, 0, bitmap.width, bitmap.height)
  context.drawImage(bitmap, 0, 0)
  bitmap.close()
  return canvas.convertToBlob({ type: 'image/jpeg', quality })
}
