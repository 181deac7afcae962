/** @file The way back through convolutions of all kinds: a transposed convolution with the same filters. */
import * as tf from '@tensorflow/tfjs'
import { convolve, convolveBack } from '../convolutions.ts'
import { type Backwards, nothing } from './backward.ts'

type Maps = readonly [number, number, number, number]

export const convolutions = {
  conv: {
    reads: () => nothing,
    back: (gradient, { op, weights, shapes: [shape] }) =>
      convolveBack(op, gradient as tf.Tensor4D, weights[0] as tf.Tensor4D, shape as Maps),
  },
  depthwiseConv: {
    reads: () => nothing,
    back: (gradient, { op, weights, shapes: [shape] }) =>
      depthwiseBack(op, gradient as tf.Tensor4D, weights[0]!, shape as Maps),
  },
  separableConv: {
    reads: () => nothing,
    back(gradient, { op, weights: [kernel, pointwise], shapes: [shape] }) {
      const channels = pointwise!.shape[2]!
      const single = {
        kernel: [1, 1],
        strides: [1, 1],
        dilation: [1, 1],
        padding: 'valid',
        groups: 1,
      } as const
      const size = [...gradient.shape.slice(0, 3), channels] as [number, number, number, number]
      const middle = convolveBack(single, gradient as tf.Tensor4D, pointwise as tf.Tensor4D, size)
      return depthwiseBack(op, middle, kernel!, shape as Maps)
    },
  },
  transposedConv: {
    reads: () => nothing,
    // It is itself the way back of a convolution, so this is that one's way forward.
    back: (gradient, { op, weights, shapes: [shape] }) =>
      convolve(
        {
          kind: 'conv',
          filters: shape![3]!,
          kernel: op.kernel,
          strides: op.strides,
          padding: op.padding,
          dilation: op.dilation,
          groups: 1,
          bias: false,
          activation: { fn: 'linear' },
        },
        gradient as tf.Tensor4D,
        weights.slice(0, 1),
      ),
  },
} satisfies Backwards

/** Each channel is a group; `kernel` is `[row, column, channel, multiplier]`. */
function depthwiseBack(
  op: Omit<Parameters<typeof convolveBack>[0], 'groups'>,
  gradient: tf.Tensor4D,
  kernel: tf.Tensor,
  shape: Maps,
): tf.Tensor4D {
  const filter: tf.Tensor4D = tf.reshape(kernel, [...op.kernel, 1, gradient.shape[3]])
  return convolveBack({ ...op, groups: shape[3] }, gradient, filter, shape)
}
