/**
 * @file The kernel `ChannelExtremes`: of a map `[N, H, W, C]`, per image and channel, the maximum and where it is, the
 * minimum, how many units are active, and whether one was NaN, as `[N, C, 2, 4]`. On ties the first place in row-major
 * order counts, as in `np.argmax`. NaN units are left out. Only this small tensor is read back.
 *
 * Registered for WebGL and WebGPU under one name, as tfjs registers its own kernels; on WASM there is no need of one. Row and column are apart, and so are
 * the parts of the count, because half-float textures hold whole numbers up to 2048 only.
 */
import * as tf from '@tensorflow/tfjs'

export const kernelName = 'ChannelExtremes'

/** Numbers a channel, and the place of each. A packed texel of WebGL holds places 0, 1, 4, 5 or 2, 3, 6, 7. */
export const extremes = 8
export const place = { max: 0, row: 1, activeHigh: 2, activeLow: 3, column: 4, min: 5, nan: 6 } as const
/** Active units are `activeHigh` times this plus `activeLow`. */
export const activeUnit = 2048

/** `x` is `[N, H, W, C]` and stays the caller's. */
export function channelExtremes(x: tf.Tensor4D): tf.Tensor4D {
  return tf.engine().runKernel(kernelName, { x })
}
