/** @file Turns a picture upright by its EXIF orientation, as `PIL.ImageOps.exif_transpose` does. */
import type { Pixels } from './toInput.ts'

/** Orientation 1 and unknown numbers leave the picture as it is. */
export function turnUpright(pixels: Pixels, orientation: number): Pixels {
  if (!(orientation >= 2 && orientation <= 8)) return pixels
  const { width, height } = pixels
  const swapped = orientation >= 5
  const [toWidth, toHeight] = swapped ? [height, width] : [width, height]
  const from = new Uint32Array(pixels.data.buffer, pixels.data.byteOffset, width * height)
  const to = new Uint32Array(width * height)
  // A stored axis may run backwards in the upright picture.
  const rightToLeft = [2, 3, 7, 8].includes(orientation)
  const bottomToTop = [3, 4, 6, 7].includes(orientation)
  let o = 0
  for (let row = 0; row < toHeight; row++)
    for (let column = 0; column < toWidth; column++) {
      const x = swapped ? row : column
      const y = swapped ? column : row
      to[o++] = from[(bottomToTop ? height - 1 - y : y) * width + (rightToLeft ? width - 1 - x : x)]!
    }
  return { width: toWidth, height: toHeight, data: new Uint8ClampedArray(to.buffer) }
}
