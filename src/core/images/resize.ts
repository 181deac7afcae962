/**
 * @file `tf.image.resize` for bilinear and nearest, on plain arrays, with the rounding of TensorFlow's float32
 * kernels (`core/kernels/image/resize_bilinear_op.cc`, HalfPixelScaler), so that results are equal to the bit.
 */

const f32 = Math.fround

interface Weights {
  readonly lower: Int32Array
  readonly upper: Int32Array
  readonly lerp: Float32Array
}

function bilinearWeights(from: number, to: number): Weights {
  const scale = f32(from / to)
  const lower = new Int32Array(to)
  const upper = new Int32Array(to)
  const lerp = new Float32Array(to)
  for (let i = 0; i < to; i++) {
    const at = f32(f32(f32(i + 0.5) * scale) - 0.5)
    const floor = Math.floor(at)
    lower[i] = Math.max(floor, 0)
    upper[i] = Math.min(Math.ceil(at), from - 1)
    lerp[i] = f32(at - floor)
  }
  return { lower, upper, lerp }
}

/**
 * From RGBA bytes `[height, width, 4]` to floats 0…255 `[toHeight, toWidth, channels]`; with three channels alpha is
 * not looked at.
 */
export function resizeBilinear(
  rgba: Uint8ClampedArray | Uint8Array,
  height: number,
  width: number,
  toHeight: number,
  toWidth: number,
  channels: 3 | 4 = 3,
): Float32Array {
  const out = new Float32Array(toHeight * toWidth * channels)
  const y = bilinearWeights(height, toHeight)
  const x = bilinearWeights(width, toWidth)
  let o = 0
  for (let row = 0; row < toHeight; row++) {
    const topRow = y.lower[row]! * width
    const bottomRow = y.upper[row]! * width
    const yLerp = y.lerp[row]!
    for (let column = 0; column < toWidth; column++) {
      const left = x.lower[column]!
      const right = x.upper[column]!
      const xLerp = x.lerp[column]!
      for (let c = 0; c < channels; c++) {
        const topLeft = rgba[(topRow + left) * 4 + c]!
        const topRight = rgba[(topRow + right) * 4 + c]!
        const bottomLeft = rgba[(bottomRow + left) * 4 + c]!
        const bottomRight = rgba[(bottomRow + right) * 4 + c]!
        const top = f32(topLeft + f32((topRight - topLeft) * xLerp))
        const bottom = f32(bottomLeft + f32((bottomRight - bottomLeft) * xLerp))
        out[o++] = top + f32(f32(bottom - top) * yLerp)
      }
    }
  }
  return out
}

/** As `resizeBilinear`, but the pixel whose area holds the centre: `floor((i + 0.5) * scale)`. */
export function resizeNearest(
  rgba: Uint8ClampedArray | Uint8Array,
  height: number,
  width: number,
  toHeight: number,
  toWidth: number,
  channels: 3 | 4 = 3,
): Float32Array {
  const out = new Float32Array(toHeight * toWidth * channels)
  const rowScale = f32(height / toHeight)
  const columnScale = f32(width / toWidth)
  let o = 0
  for (let row = 0; row < toHeight; row++) {
    const fromRow = Math.min(Math.floor(f32(f32(row + 0.5) * rowScale)), height - 1)
    for (let column = 0; column < toWidth; column++) {
      const fromColumn = Math.min(Math.floor(f32(f32(column + 0.5) * columnScale)), width - 1)
      const i = (fromRow * width + fromColumn) * 4
      for (let c = 0; c < channels; c++) out[o++] = rgba[i + c]!
    }
  }
  return out
}
