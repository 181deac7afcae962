/** @file Elementwise arithmetic with broadcasting. The caller tidies. */
import * as tf from '@tensorflow/tfjs'
import type { Arithmetic } from '../../../core/model/network.ts'

function compared(compare: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): typeof compare {
  return (a, b) => tf.cast(compare(a, b), 'float32')
}

/** Arithmetic of two operands. Of `average` it is the sum: how many there are is known to who asks. */
export const combined: Readonly<Record<Arithmetic, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  average: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  power: tf.pow,
  greater: compared(tf.greater),
  greaterOrEqual: compared(tf.greaterEqual),
  less: compared(tf.less),
  lessOrEqual: compared(tf.lessEqual),
  equal: compared(tf.equal),
  notEqual: compared(tf.notEqual),
}

/** Vectors `[N, C]` beside maps `[N, H, W, C]` get the missing axes, which NumPy would put before the batch. */
export function sameRank(inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const rank = Math.max(...inputs.map((input) => input.rank))
  return inputs.map((input) => {
    const [batch, ...rest] = input.shape
    return input.rank === rank
      ? input
      : tf.reshape(input, [batch!, ...Array<number>(rank - input.rank).fill(1), ...rest])
  })
}
