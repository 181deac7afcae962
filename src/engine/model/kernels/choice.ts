/** @file The choice between two operands, number by number. The caller tidies. */
import * as tf from '@tensorflow/tfjs'
import type { OperationOf } from '../../../core/model/network.ts'
import { sameRank } from './arithmetic.ts'

type Tensors = readonly tf.Tensor[]

/** Mask, what is taken where it is not 0, and what else, all of one rank but for scalars. */
export function operandsOf(
  { operands }: OperationOf<'where'>,
  inputs: Tensors,
  weights: Tensors,
): readonly [mask: tf.Tensor, yes: tf.Tensor, no: tf.Tensor] {
  const [given, arrays] = [sameRank(inputs), [...weights]]
  return operands.map((operand) => {
    if (typeof operand === 'number') return tf.scalar(operand)
    return operand === 'input' ? given.shift()! : arrays.shift()!
  }) as [tf.Tensor, tf.Tensor, tf.Tensor]
}

export function chosen(op: OperationOf<'where'>, inputs: Tensors, weights: Tensors): tf.Tensor {
  const [mask, yes, no] = operandsOf(op, inputs, weights)
  const shape = [mask, yes, no]
    .map((one) => one.shape)
    .reduce((a, b) => tf.broadcast_util.assertAndGetBroadcastShape(a, b))
  if (shape.length <= mostAxesToChooseIn) return tf.where(tf.notEqual(mask, 0), yes, no)
  const [ofMask, ofYes, ofNo] = [mask, yes, no].map((one) =>
    tf.reshape(tf.broadcastTo(one, shape), [-1]),
  ) as [tf.Tensor, tf.Tensor, tf.Tensor]
  return tf.reshape(tf.where(tf.notEqual(ofMask, 0), ofYes, ofNo), shape)
}

/** `tf.where` on WebGL knows no more. */
const mostAxesToChooseIn = 4
