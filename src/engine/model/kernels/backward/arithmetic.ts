/** @file The way back through elementwise arithmetic, with broadcasting. */
import * as tf from '@tensorflow/tfjs'
import type { Arithmetic } from '../../../../core/model/network.ts'
import { combined, sameRank } from '../arithmetic.ts'
import { type Backwards, nothing, type Reads } from './backward.ts'

/** From the gradient of `f(a, b)` to that of one operand, broadcast as the result is. */
type Back = (gradient: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor

/** A sum's operands do not matter: the second has a sign only. */
type Derivatives = { readonly sign: 1 | -1 } | { readonly first: Back; readonly second: Back }

const as01 = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32')

/** The gradient goes to the first operand where it is chosen, also if both are equal, else to the second. */
function choice(isFirst: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): Derivatives {
  return {
    first: (gradient, a, b) => tf.mul(gradient, as01(isFirst(a, b))),
    second: (gradient, a, b) => tf.mul(gradient, as01(tf.logicalNot(isFirst(a, b)))),
  }
}

/** Null if the result does not change with either operand, but in steps. */
const derivatives: Readonly<Record<Arithmetic, Derivatives | null>> = {
  add: { sign: 1 },
  average: { sign: 1 },
  subtract: { sign: -1 },
  multiply: {
    first: (gradient, _, b) => tf.mul(gradient, b),
    second: (gradient, a) => tf.mul(gradient, a),
  },
  divide: {
    first: (gradient, _, b) => tf.div(gradient, b),
    second: (gradient, a, b) => tf.neg(tf.div(tf.mul(gradient, tf.div(a, b)), b)),
  },
  maximum: choice(tf.greaterEqual),
  minimum: choice(tf.lessEqual),
  power: {
    // A root is infinitely steep at 0. It passes nothing on, as infinite numbers and NaN in a gradient would tell nothing.
    first(gradient, a, b) {
      const isSteep = tf.cast(tf.logicalAnd(tf.equal(a, 0), tf.less(b, 1)), 'float32')
      const slope = tf.mul(b, tf.pow(tf.add(a, isSteep), tf.sub(b, 1)))
      return tf.mul(gradient, tf.mul(slope, tf.sub(1, isSteep)))
    },
    // The logarithm of numbers that have none counts as 0, as in TensorFlow.
    second: (gradient, a, b) =>
      tf.mul(gradient, tf.mul(tf.pow(a, b), tf.log(tf.where(tf.greater(a, 0), a, tf.onesLike(a))))),
  },
  greater: null,
  greaterOrEqual: null,
  less: null,
  lessOrEqual: null,
  equal: null,
  notEqual: null,
}

function readsOf(fn: Arithmetic): Reads {
  const known = derivatives[fn]
  return known && 'first' in known ? { inputs: true } : nothing
}

/** The gradient of an operand that was broadcast is the sum over all that it was spread to. */
export function summedTo(gradient: tf.Tensor, shape: readonly number[]): tf.Tensor {
  // Vectors `[N, C]` beside maps lack axes behind the batch.
  const missing = Array<number>(gradient.rank - shape.length).fill(1)
  const full = [...shape.slice(0, 1), ...missing, ...shape.slice(1)]
  const axes = full.flatMap((length, axis) => (length === 1 && gradient.shape[axis]! > 1 ? [axis] : []))
  const summed = axes.length > 0 ? tf.sum(gradient, axes, true) : gradient
  return missing.length > 0 ? tf.reshape(summed, [...shape]) : summed
}

function signed(gradient: tf.Tensor, sign: 1 | -1): tf.Tensor {
  return sign === 1 ? gradient : tf.neg(gradient)
}

export const arithmetic = {
  merge: {
    reads: ({ fn }) => readsOf(fn),
    back(gradient, { op, shapes, inputs }, input) {
      const known = derivatives[op.fn]
      if (!known) return null
      const share = op.fn === 'average' ? tf.div(gradient, shapes.length) : gradient
      const own =
        'first' in known
          ? throughAll(op.fn, known, share, inputs, input)
          : signed(share, input === 0 ? 1 : known.sign)
      return summedTo(own, shapes[input]!)
    },
  },
  addScaled: {
    reads: () => nothing,
    back: (gradient, { op, shapes }, input) =>
      summedTo(input === 0 ? gradient : tf.mul(gradient, op.scale), shapes[input]!),
  },
  withConstant: {
    reads: ({ fn }) => readsOf(fn),
    back(gradient, { op, weights, inputs: [x] }) {
      const known = derivatives[op.fn]
      if (!known) return null
      if (!('first' in known)) return signed(gradient, op.constantFirst ? known.sign : 1)
      const constant = typeof op.constant === 'number' ? tf.scalar(op.constant) : weights[0]!
      return op.constantFirst ? known.second(gradient, constant, x!) : known.first(gradient, x!, constant)
    },
  },
} satisfies Backwards

/** Inputs are joined one after the other, as on the way forward: `f(f(a, b), c)`. */
function throughAll(
  fn: Arithmetic,
  { first, second }: { readonly first: Back; readonly second: Back },
  gradient: tf.Tensor,
  inputs: readonly tf.Tensor[],
  input: number,
): tf.Tensor {
  const operands = sameRank(inputs)
  /** What is joined before each operand; the first is its own. */
  const joined = [operands[0]!]
  for (const operand of operands.slice(1, -1)) joined.push(combined[fn](joined.at(-1)!, operand))
  let left = gradient
  for (let j = operands.length - 1; j > 0; j--) {
    const [a, b] = [joined[j - 1]!, operands[j]!]
    if (j === input) return second(left, a, b)
    left = first(left, a, b)
  }
  return left
}
