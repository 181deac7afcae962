/** @file Resizing by weighted sums of pixels, along rows and then along columns. The caller tidies. */
import * as tf from '@tensorflow/tfjs'
import { type Tap, tapsOf } from '../../../core/model/kinds/interpolate.ts'
import type { OperationOf } from '../../../core/model/network.ts'

export function interpolated(op: OperationOf<'interpolate'>, x: tf.Tensor4D): tf.Tensor {
  return alongAxis(op, alongAxis(op, x, 0), 1)
}

function alongAxis(op: OperationOf<'interpolate'>, x: tf.Tensor4D, axis: 0 | 1): tf.Tensor4D {
  const taps = Array.from({ length: op.to[axis] }, (_, unit) => tapsOf(op, axis, x.shape[axis + 1]!, unit))
  const most = Math.max(...taps.map(({ length }) => length))
  const full = taps.map((list) => filled(list, most))
  const shape = axis === 0 ? [taps.length, 1, 1] : [taps.length, 1]
  // Sums of elements, no product of matrices: a number that is not finite stays where it is seen, and no pass rounds otherwise.
  const parts = Array.from({ length: most }, (_, i) => {
    const indices = full.map((list) => list[i]!.index)
    const taken: tf.Tensor4D =
      indices.every((index, unit) => index === unit) && indices.length === x.shape[axis + 1]
        ? x
        : tf.gather(x, tf.tensor1d(indices, 'int32'), axis + 1)
    const weights = full.map((list) => list[i]!.weight)
    return weights.every((weight) => weight === 1) ? taken : tf.mul(taken, tf.tensor(weights, shape))
  })
  return (parts.length === 1 ? parts[0]! : parts.reduce((sum, part) => tf.add(sum, part))) as tf.Tensor4D
}

/** With as many taps as others have: the last one in halves, which are exact and read no pixel more. */
function filled(taps: readonly Tap[], count: number): readonly Tap[] {
  const list = [...taps]
  while (list.length < count) {
    const { index, weight } = list.pop()!
    list.push({ index, weight: weight / 2 }, { index, weight: weight / 2 })
  }
  return list
}
