/** @file A picture as a file of the BMP format, which every browser shows and which is written without compressing anything. */

/** Bytes of the file's header and of the picture's (`BITMAPFILEHEADER`, `BITMAPINFOHEADER`). */
const [fileHeader, pictureHeader] = [14, 40]

/** The file with pixels RGBA `[rows, columns, 4]`, whose opacity is left out. */
export function bitmapFile(
  rows: number,
  columns: number,
  pixels: ArrayLike<number>,
): Uint8Array<ArrayBuffer> {
  // Each row takes a multiple of four bytes.
  const bytesPerRow = Math.ceil((columns * 3) / 4) * 4
  const start = fileHeader + pictureHeader
  const file = new Uint8Array(start + rows * bytesPerRow)
  const view = new DataView(file.buffer)
  const setInt = (at: number, value: number): void => view.setInt32(at, value, true)
  const setShort = (at: number, value: number): void => view.setInt16(at, value, true)
  file.set([0x42, 0x4d])
  setInt(2, file.length)
  setInt(10, start)
  setInt(14, pictureHeader)
  setInt(18, columns)
  // Below 0 the first row is the top one.
  setInt(22, -rows)
  setShort(26, 1)
  setShort(28, 24)
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const from = (row * columns + column) * 4
      const to = start + row * bytesPerRow + column * 3
      for (let band = 0; band < 3; band++) file[to + band] = pixels[from + 2 - band]!
    }
  return file
}
