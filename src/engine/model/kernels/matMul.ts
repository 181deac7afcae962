/** @file Products of matrices that are parts of maps, of each image by itself. The caller tidies. */
import * as tf from '@tensorflow/tfjs'
import { matricesOf, resultParts } from '../../../core/model/kinds/matMul.ts'
import { type Factor, type MatMul } from '../../../core/model/network.ts'
import { inverseOrder, transposed } from './transposed.ts'

type Tensors = readonly tf.Tensor[]
type Side = 'first' | 'second'

/** Products of matrices of one image do not see those of another. */
export function multiplied(op: MatMul, inputs: Tensors, weights: Tensors): tf.Tensor {
  const product = tf.matMul(operand(op, 'first', inputs, weights), operand(op, 'second', inputs, weights))
  const images = inputs[0]!.shape[0]!
  const apart = tf.reshape(product, [images, ...resultParts(op)])
  const ordered = transposed(apart, [0, ...op.order.map((part) => part + 1)])
  return tf.reshape(ordered, [images, ...op.target])
}

/**
 * From the gradient with respect to the product to that with respect to an operand, of the shape `shape`: the gradient times the other
 * operand, turned. `inputs` may be missing if the other operand is a constant.
 */
export function multipliedBack(
  op: MatMul,
  gradient: tf.Tensor,
  {
    side,
    shape,
    inputs,
    weights,
  }: { side: Side; shape: readonly number[]; inputs: Tensors; weights: Tensors },
): tf.Tensor {
  const images = shape[0]!
  const [lengths, moved] = [resultParts(op), op.order]
  const ordered = tf.reshape(gradient, [images, ...moved.map((part) => lengths[part]!)])
  const [first, second] = [matricesOf(op.first), matricesOf(op.second)]
  const product = tf.reshape(transposed(ordered, inverseOrder([0, ...moved.map((part) => part + 1)])), [
    images,
    Math.max(first.batch, second.batch),
    first.outer,
    second.outer,
  ]) as tf.Tensor4D
  const own =
    side === 'first'
      ? tf.matMul(product, operand(op, 'second', inputs, weights), false, true)
      : tf.matMul(operand(op, 'first', inputs, weights), product, true, false)
  const factor = op[side]
  // What all matrices share gets something from each.
  const shared = matricesOf(factor).batch < own.shape[1]! ? tf.sum(own, 1) : own
  const order = partsOf(op, side)
  const parts = tf.reshape(shared, [images, ...order.map((part) => factor.split[part]!)])
  return tf.reshape(transposed(parts, inverseOrder([0, ...order.map((part) => part + 1)])), [...shape])
}

/** `[images, matrices, rows, columns]`; of a constant there is one image, and one matrix if all share it. */
function operand(op: MatMul, side: Side, inputs: Tensors, weights: Tensors): tf.Tensor4D {
  const isConstant = op.constant?.side === side
  const x = isConstant ? weights[0]! : inputs[op.constant || side === 'first' ? 0 : 1]!
  const [images, factor, order] = [isConstant ? 1 : x.shape[0]!, op[side], partsOf(op, side)]
  const parts = tf.reshape(x, [images, ...factor.split])
  const ordered = transposed(parts, [0, ...order.map((part) => part + 1)])
  const { batch, inner, outer } = matricesOf(factor)
  return tf.reshape(ordered, [images, batch, ...(side === 'first' ? [outer, inner] : [inner, outer])] as [
    number,
    number,
    number,
    number,
  ])
}

/** The operand's parts in the order matrices, rows, columns. */
function partsOf(op: MatMul, side: Side): readonly number[] {
  const { batch, outer, inner }: Factor = op[side]
  return side === 'first' ? [...batch, ...outer, ...inner] : [...batch, ...inner, ...outer]
}
