/** @file The way back through dense layers. */
import * as tf from '@tensorflow/tfjs'
import { type Backwards, nothing } from './backward.ts'

export const dense = {
  dense: {
    reads: () => nothing,
    back(gradient, { weights: [kernel], shapes: [shape] }) {
      const rows: tf.Tensor2D = tf.reshape(gradient, [-1, gradient.shape.at(-1)!])
      const matrix = kernel as tf.Tensor2D
      // On WASM tfjs' product with a matrix turned around is slow. Turning it first pays if an image has many rows, as tokens.
      const product =
        shape!.length > 2 ? tf.matMul(rows, tf.transpose(matrix)) : tf.matMul(rows, matrix, false, true)
      return tf.reshape(product, [...shape!])
    },
  },
} satisfies Backwards
