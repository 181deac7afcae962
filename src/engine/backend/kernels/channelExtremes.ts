/**
 * @file The kernel `ChannelExtremes` reduces a map `[N, H, W, C]` to a few numbers for each image and channel, as `[N,
 * C, 2, 4]`: the maximum and its row and column, the minimum, how many units are active, and whether one is NaN. On
 * ties the first unit in row-major order counts, as in `np.argmax`. NaN units are left out. Only this small tensor is
 * read back.
 *
 * It is registered for WebGL and WebGPU under one name, as tfjs registers its own kernels; WASM needs no kernel. Row
 * and column are two numbers, and so are the parts of the count, because half-float textures hold whole numbers up to
 * 2048 only.
 */
import * as tf from '@tensorflow/tfjs'

export const kernelName = 'ChannelExtremes'

/** Numbers a channel, and the place of each. A packed texel of WebGL holds places 0, 1, 4, 5 or 2, 3, 6, 7. */
export const extremes = 8
export const place = { max: 0, row: 1, activeHigh: 2, activeLow: 3, column: 4, min: 5, nan: 6 } as const
/** The number of active units is `activeHigh` times this plus `activeLow`. */
export const activeUnit = 2048

/** `x` is `[N, H, W, C]` and stays the caller's. */
export function channelExtremes(x: tf.Tensor4D): tf.Tensor4D {
  return tf.engine().runKernel(kernelName, { x })
}
