/** @file The way back through what multiplies each channel by a number, and adds one: the number is the derivative. */
import * as tf from '@tensorflow/tfjs'
import { batchNormOf, deviationOf, scaledByBatchNorm } from '../normalizations.ts'
import { type Backwards, nothing } from './backward.ts'

export const channelwise = {
  batchNorm: {
    reads: () => nothing,
    back: (gradient, { op, weights }) => scaledByBatchNorm(gradient, batchNormOf(op, weights)),
  },
  normalization: {
    reads: () => nothing,
    back(gradient, { op, weights }) {
      const deviation = deviationOf(op, weights)
      return op.invert ? tf.mul(gradient, deviation) : tf.div(gradient, deviation)
    },
  },
  rescale: {
    reads: () => nothing,
    back: (gradient, { op }) => tf.mul(gradient, tf.tensor1d([...op.scale])),
  },
} satisfies Backwards
