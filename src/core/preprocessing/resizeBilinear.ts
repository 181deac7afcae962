/**
 * @file Bilinear resizing as in `tf.image.resize`, with the rounding of TensorFlow's float32 kernel
 * (`core/kernels/image/resize_bilinear_op.cc`, HalfPixelScaler), so that results are equal to the bit.
 */
import type { Axis, Placement } from './fit.ts'
import { covered, type Raster, remembered } from './raster.ts'

const f32 = Math.fround

/** For each pixel of the input: the two source pixels between which it lies, and its distance from the lower one. */
export interface BilinearWeights {
  readonly lower: Int32Array
  readonly upper: Int32Array
  readonly lerp: Float32Array
}

/** The weights of an axis, for the pixels of the input that the picture covers. */
export const bilinearWeights = remembered((axis: Axis): BilinearWeights => {
  const { start, length, resized, offset, inputSize } = axis
  const { first, end } = covered(axis)
  const scale = f32(length / resized)
  const lower = new Int32Array(inputSize)
  const upper = new Int32Array(inputSize)
  const lerp = new Float32Array(inputSize)
  for (let i = first; i < end; i++) {
    const at = f32(f32(f32(i - offset + 0.5) * scale) - 0.5)
    const floor = Math.floor(at)
    lower[i] = start + Math.max(floor, 0)
    upper[i] = start + Math.min(Math.ceil(at), length - 1)
    lerp[i] = f32(at - floor)
  }
  return { lower, upper, lerp }
})

/** Returns floats 0…255, `[height, width, bands]` of the input; pixels that the picture does not cover are 0. */
export function resizeBilinear({ data, width, step, bands }: Raster, { x, y }: Placement): Float32Array {
  const out = new Float32Array(y.inputSize * x.inputSize * bands)
  const rows = bilinearWeights(y)
  const columns = bilinearWeights(x)
  const rowRange = covered(y)
  const { first, end } = covered(x)
  for (let row = rowRange.first; row < rowRange.end; row++) {
    const topRow = rows.lower[row]! * width
    const bottomRow = rows.upper[row]! * width
    const yLerp = rows.lerp[row]!
    let o = (row * x.inputSize + first) * bands
    for (let column = first; column < end; column++) {
      const left = columns.lower[column]!
      const right = columns.upper[column]!
      const xLerp = columns.lerp[column]!
      const topLeftAt = (topRow + left) * step
      const topRightAt = (topRow + right) * step
      const bottomLeftAt = (bottomRow + left) * step
      const bottomRightAt = (bottomRow + right) * step
      for (let band = 0; band < bands; band++) {
        const topLeft = data[topLeftAt + band]!
        const bottomLeft = data[bottomLeftAt + band]!
        const top = f32(topLeft + f32((data[topRightAt + band]! - topLeft) * xLerp))
        const bottom = f32(bottomLeft + f32((data[bottomRightAt + band]! - bottomLeft) * xLerp))
        out[o++] = top + f32(f32(bottom - top) * yLerp)
      }
    }
  }
  return out
}
