/**
 * The input of all golden numbers, `x[h,w,c] = ((37h + 61w + 97c + 11·((h·w) mod 53)) mod 256) / 255`, as a PNG: its
 * values are whole 255ths, so the picture holds them exactly.
 */
export function goldenPicture([height, width]: readonly [number, number, number]): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d')!
  const picture = context.createImageData(width, height)
  for (let h = 0; h < height; h++)
    for (let w = 0; w < width; w++)
      for (let c = 0; c < 4; c++)
        picture.data[(h * width + w) * 4 + c] =
          c === 3 ? 255 : (37 * h + 61 * w + 97 * c + 11 * ((h * w) % 53)) % 256
  context.putImageData(picture, 0, 0)
  return canvas.convertToBlob({ type: 'image/png' })
}
