/** @file Draws pictures for tests, and reads the pixels of those that come back. */

/** A picture whose left half has one colour and whose right half has another. */
export function halves(
  width: number,
  height: number,
  left: string,
  right: string,
  type = 'image/png',
): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.fillStyle = left
  context.fillRect(0, 0, width / 2, height)
  context.fillStyle = right
  context.fillRect(width / 2, 0, width / 2, height)
  return canvas.convertToBlob({ type })
}

/** A picture with columns of red and black, each one pixel wide. */
export function stripes(width: number, height: number): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  context.fillRect(0, 0, width, height)
  context.fillStyle = '#f00'
  for (let x = 0; x < width; x += 2) context.fillRect(x, 0, 1, height)
  return canvas.convertToBlob()
}

/** A pixel's colour as RGBA. */
export function pixelAt(bitmap: ImageBitmap, x: number, y: number): number[] {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height)
  const context = canvas.getContext('2d')!
  context.drawImage(bitmap, 0, 0)
  return [...context.getImageData(x, y, 1, 1).data]
}
