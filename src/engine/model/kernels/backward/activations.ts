/**
 * @file The way back through activation functions. Where a function has a kink, its derivative is the one that TensorFlow takes:
 * that of ReLU at 0 is 0.
 */
import * as tf from '@tensorflow/tfjs'
import type { Activation, PlainActivation } from '../../../../core/model/network.ts'
import { wasmKernels } from '../../../backend/tfjsBackend.ts'
import type { Backwards } from './backward.ts'

/** An activation function's argument, or its output: what `isKnownByOutput` asks for. */
interface Known {
  readonly argument: tf.Tensor | null
  readonly output: tf.Tensor | null
}

/** The derivative of one number by another. */
type Derivative = (x: tf.Tensor) => tf.Tensor

const as01 = (condition: tf.Tensor): tf.Tensor => tf.cast(condition, 'float32')

/** 1 for numbers that are greater, else 0. */
const above = (x: tf.Tensor, threshold: number): tf.Tensor => as01(tf.greater(x, threshold))

const below = (x: tf.Tensor, threshold: number): tf.Tensor => as01(tf.less(x, threshold))

/** 1 for numbers between both, without them. */
function between(x: tf.Tensor, low: number, high: number): tf.Tensor {
  return as01(tf.logicalAnd(tf.greater(x, low), tf.less(x, high)))
}

/** 1 for numbers from `low` to `high`, both with them. */
function within(x: tf.Tensor, low: number, high: number): tf.Tensor {
  return as01(tf.logicalAnd(tf.greaterEqual(x, low), tf.lessEqual(x, high)))
}

/**
 * Functions whose output tells the derivative, so that nothing but the map that others read is kept. Those of sigmoid and tanh would
 * tell it, too, but near 1 not to many digits.
 */
const byOutput: Partial<Readonly<Record<PlainActivation, Derivative>>> = {
  relu: (y) => above(y, 0),
  relu6: (y) => between(y, 0, 6),
  elu: (y) => tf.add(tf.minimum(y, 0), 1),
  // With its alpha of 1 it is elu.
  celu: (y) => tf.add(tf.minimum(y, 0), 1),
  selu: (y) => tf.add(tf.minimum(y, 0), tf.mul(selu.scale, tf.add(1, tf.mul(selu.alpha - 1, below(y, 0))))),
  exponential: (y) => y,
}

const selu = { alpha: 1.6732632423543772, scale: 1.0507009873554805 } as const

/** The normal distribution's density. */
const density: Derivative = (x) => tf.mul(tf.exp(tf.mul(tf.square(x), -0.5)), 1 / Math.sqrt(2 * Math.PI))

const cumulated: Derivative = (x) => tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))

const byArgument: Partial<Readonly<Record<PlainActivation, Derivative>>> = {
  sigmoid: (x) => tf.mul(tf.sigmoid(x), tf.sigmoid(tf.neg(x))),
  // The square of cosh is infinite before its own square root is.
  tanh: (x) => tf.square(tf.reciprocal(tf.cosh(x))),
  hard_sigmoid: (x) => tf.div(between(x, -3, 3), 6),
  hard_sigmoid_2: (x) => tf.mul(within(x, -2.5, 2.5), 0.2),
  softplus: tf.sigmoid,
  softsign: (x) => tf.reciprocal(tf.square(tf.add(tf.abs(x), 1))),
  silu(x) {
    const s = tf.sigmoid(x)
    return tf.mul(s, tf.add(1, tf.mul(x, tf.sub(1, s))))
  },
  hard_silu: (x) => tf.add(tf.div(tf.relu6(tf.add(x, 3)), 6), tf.mul(x, tf.div(between(x, -3, 3), 6))),
  gelu: (x) => tf.add(cumulated(x), tf.mul(x, density(x))),
  gelu_tanh(x) {
    const [scale, cubic] = [Math.sqrt(2 / Math.PI), 0.044715]
    const square = tf.square(x)
    const t = tf.tanh(tf.mul(scale, tf.mul(x, tf.add(1, tf.mul(cubic, square)))))
    const inner = tf.mul(scale, tf.add(1, tf.mul(3 * cubic, square)))
    const slope = tf.mul(tf.mul(x, tf.sub(1, tf.square(t))), inner)
    return tf.mul(0.5, tf.add(tf.add(1, t), slope))
  },
  mish(x) {
    const t = tf.tanh(tf.softplus(x))
    return tf.add(t, tf.mul(tf.mul(x, tf.sigmoid(x)), tf.sub(1, tf.square(t))))
  },
  log_sigmoid: (x) => tf.sigmoid(tf.neg(x)),
  squareplus: (x) => tf.mul(0.5, tf.add(1, tf.div(x, tf.sqrt(tf.add(tf.square(x), 4))))),
  hard_tanh: (x) => within(x, -1, 1),
  tanh_shrink: (x) => tf.square(tf.tanh(x)),
  soft_shrink: (x) => above(tf.abs(x), 0.5),
  hard_shrink: (x) => above(tf.abs(x), 0.5),
  sparse_plus: (x) => tf.div(tf.add(tf.clipByValue(x, -1, 1), 1), 2),
  abs: tf.sign,
}

/** Functions of all channels together: the product of the gradient and their matrix of derivatives. */
const ofChannels = {
  softmax: (gradient: tf.Tensor, y: tf.Tensor) =>
    tf.mul(y, tf.sub(gradient, tf.sum(tf.mul(gradient, y), -1, true))),
  log_softmax: (gradient: tf.Tensor, y: tf.Tensor) =>
    tf.sub(gradient, tf.mul(tf.exp(y), tf.sum(gradient, -1, true))),
} as const

/** Whether the derivative is known by the function's output, else by its argument. */
export function isKnownByOutput(activation: Activation): boolean {
  if (activation.fn === 'leaky_relu') return activation.slope > 0
  return activation.fn in byOutput || activation.fn in ofChannels || activation.fn === 'linear'
}

/** The gradient before the function. `known` has the argument, or the output if `isKnownByOutput`. It may be `gradient` itself. */
export function beforeActivation(
  activation: Activation,
  gradient: tf.Tensor,
  { argument, output }: Known,
): tf.Tensor {
  const ours = wasmKernels()?.activationBackByOurs(activation, gradient, { argument, output })
  if (ours) return ours
  switch (activation.fn) {
    case 'linear':
      return gradient
    case 'leaky_relu': {
      const { slope } = activation
      return tf.mul(gradient, tf.add(tf.mul(above(slope > 0 ? output! : argument!, 0), 1 - slope), slope))
    }
    case 'elu_alpha': {
      const { alpha } = activation
      const isAbove = above(argument!, 0)
      const slope = tf.mul(alpha, tf.exp(tf.minimum(argument!, 0)))
      return tf.mul(gradient, tf.add(isAbove, tf.mul(tf.sub(1, isAbove), slope)))
    }
    case 'general_relu':
      return tf.mul(gradient, generalRelu(argument!, activation))
    case 'softmax':
    case 'log_softmax':
      return ofChannels[activation.fn](gradient, output!)
    default: {
      const known = byOutput[activation.fn]
      return tf.mul(gradient, known ? known(output!) : byArgument[activation.fn]!(argument!))
    }
  }
}

/** At the largest value the derivative is 1, as Keras clips there, but that of ReLU6, which TensorFlow computes itself, is 0. */
function generalRelu(
  x: tf.Tensor,
  { max, slope, threshold }: Extract<Activation, { fn: 'general_relu' }>,
): tf.Tensor {
  const passed = above(x, threshold)
  const isRelu6 = max === 6 && threshold === 0
  const capped = max === null ? passed : tf.mul(passed, isRelu6 ? below(x, max) : within(x, 0, max))
  return slope === 0 ? capped : tf.add(capped, tf.mul(below(x, threshold), slope))
}

export const activations = {
  activation: {
    reads: ({ activation }) => (isKnownByOutput(activation) ? { output: true } : { inputs: true }),
    back: (gradient, { op, inputs, output }) =>
      beforeActivation(op.activation, gradient, { argument: inputs[0] ?? null, output }),
  },
  prelu: {
    reads: () => ({ inputs: true }),
    back(gradient, { inputs: [x], weights: [alpha] }) {
      const slope = tf.add(above(x!, 0), tf.mul(below(x!, 0), alpha!))
      return tf.mul(gradient, slope)
    },
  },
} satisfies Backwards
