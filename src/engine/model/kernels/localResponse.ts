/** @file Local response normalization: each number is divided by a power of the squares of its neighbours among the channels. */
import * as tf from '@tensorflow/tfjs'
import type { OperationOf } from '../../../core/model/network.ts'

type Lrn = OperationOf<'lrn'>

export function normalizedLocally(op: Lrn, x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.pow(responseBase(op, x), op.beta))
}

/** What is raised to the power `beta`. */
export function responseBase(op: Lrn, x: tf.Tensor): tf.Tensor {
  const sums = neighbourSums(op, tf.square(x), 'forward')
  return tf.add(op.base, tf.mul(op.alpha / op.size, sums))
}

/** Sums along the channels: of each one's window, or (`transposed`) of all places in whose window it lies. */
export function neighbourSums({ size }: Lrn, x: tf.Tensor, way: 'forward' | 'transposed'): tf.Tensor {
  const last = x.rank - 1
  const window = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)] as [number, number]
  const [before, after] = way === 'forward' ? window : window.toReversed()
  const padded = tf.pad(
    x,
    x.shape.map((_, axis): [number, number] => (axis === last ? [before!, after!] : [0, 0])),
  )
  const neighbours = Array.from({ length: size }, (_, i) =>
    tf.slice(
      padded,
      x.shape.map((_length, axis) => (axis === last ? i : 0)),
      x.shape,
    ),
  )
  return tf.addN(neighbours)
}
