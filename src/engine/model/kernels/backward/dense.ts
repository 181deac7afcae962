/** @file The way back through dense layers. */
import * as tf from '@tensorflow/tfjs'
import { type Backwards, nothing } from './backward.ts'

export const dense = {
  dense: {
    reads: () => nothing,
    back(gradient, { weights: [kernel], shapes }) {
      const rows: tf.Tensor2D = tf.reshape(gradient, [-1, gradient.shape.at(-1)!])
      return tf.reshape(tf.matMul(rows, kernel as tf.Tensor2D, false, true), [...shapes[0]!])
    },
  },
} satisfies Backwards
