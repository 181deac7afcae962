/** @file Resizing by weighted sums of pixels, along rows and then along columns. The caller tidies. */
import type * as tf from '@tensorflow/tfjs'
import { tapsOf } from '../../../core/model/kinds/interpolate.ts'
import type { OperationOf } from '../../../core/model/network.ts'
import { weightedSums } from './weightedSums.ts'

export function interpolated(op: OperationOf<'interpolate'>, x: tf.Tensor4D): tf.Tensor {
  return alongAxis(op, alongAxis(op, x, 0), 1)
}

function alongAxis(op: OperationOf<'interpolate'>, x: tf.Tensor4D, axis: 0 | 1): tf.Tensor4D {
  const from = x.shape[axis + 1]!
  const taps = Array.from({ length: op.to[axis] }, (_, unit) => tapsOf(op, axis, from, unit))
  return weightedSums(x, axis + 1, taps)
}
