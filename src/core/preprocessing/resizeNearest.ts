/**
 * @file Resizing by PIL's NEAREST, the default of `keras.utils.load_img` (Pillow's `ImagingScaleAffine`, `Geometry.c`):
 * each pixel gets the value of the source pixel that its centre falls into. Pillow adds up the step in float64, while
 * TensorFlow multiplies in float32, so they may choose differently if a centre lies on the border of two pixels.
 */
import type { Axis, Placement } from './fit.ts'
import { covered, type Raster, remembered } from './raster.ts'

/** For each pixel of the input: its source pixel. */
const sourcesOf = remembered((axis: Axis): Int32Array => {
  const { size, start, length, resized, offset, inputSize } = axis
  const { first, end } = covered(axis)
  const step = length / resized
  const sources = new Int32Array(inputSize)
  let at = start + step * 0.5
  for (let i = offset; i < end; i++) {
    if (i >= first) sources[i] = Math.min(Math.trunc(at), size - 1)
    at += step
  }
  return sources
})

/** Returns bytes `[height, width, bands]` of the input; pixels that the picture does not cover are 0. */
export function resizeNearest({ data, width, step, bands }: Raster, { x, y }: Placement): Uint8Array {
  const out = new Uint8Array(y.inputSize * x.inputSize * bands)
  const rows = sourcesOf(y)
  const columns = sourcesOf(x)
  const rowRange = covered(y)
  const { first, end } = covered(x)
  for (let row = rowRange.first; row < rowRange.end; row++) {
    const sourceRow = rows[row]! * width
    let o = (row * x.inputSize + first) * bands
    for (let column = first; column < end; column++) {
      const i = (sourceRow + columns[column]!) * step
      for (let band = 0; band < bands; band++) out[o++] = data[i + band]!
    }
  }
  return out
}
