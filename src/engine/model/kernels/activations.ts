/** @file Activation functions on tensors. Those that tfjs can fuse are computed within the convolution. */
import * as tf from '@tensorflow/tfjs'
import type { Activation, PlainActivation } from '../../../core/model/network.ts'
import { type Activation as OwnActivation, plainFunctions } from '../../backend/kernels/convolution/shape.ts'

/** 1 for elements of `x` that are greater, else 0. */
function above(x: tf.Tensor, threshold: number): tf.Tensor {
  return tf.cast(tf.greater(x, threshold), 'float32')
}

function hardSigmoid(x: tf.Tensor): tf.Tensor {
  return tf.div(tf.relu6(tf.add(x, 3)), 6)
}

function cdf(x: tf.Tensor): tf.Tensor {
  return tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))
}

const plain: Readonly<Record<PlainActivation, (x: tf.Tensor) => tf.Tensor>> = {
  linear: (x) => x.clone(),
  relu: tf.relu,
  relu6: tf.relu6,
  elu: tf.elu,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  hard_sigmoid: hardSigmoid,
  // Keras 1 and 2
  hard_sigmoid_2: (x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
  tanh: tf.tanh,
  softmax: (x) => tf.softmax(x),
  log_softmax: (x) => tf.logSoftmax(x),
  softplus: tf.softplus,
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  hard_silu: (x) => tf.mul(x, hardSigmoid(x)),
  gelu: (x) => tf.mul(x, cdf(x)),
  gelu_tanh(x) {
    const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.mul(x, tf.square(x)))))
    return tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(inner)))
  },
  exponential: tf.exp,
  mish: (x) => tf.mul(x, tf.tanh(tf.softplus(x))),
  log_sigmoid: (x) => tf.neg(tf.softplus(tf.neg(x))),
  // With its alpha of 1 it is elu.
  celu: tf.elu,
  squareplus: (x) => tf.div(tf.add(x, tf.sqrt(tf.add(tf.square(x), 4))), 2),
  hard_tanh: (x) => tf.clipByValue(x, -1, 1),
  tanh_shrink: (x) => tf.sub(x, tf.tanh(x)),
  soft_shrink: (x) => tf.sub(tf.relu(tf.sub(x, 0.5)), tf.relu(tf.sub(-0.5, x))),
  hard_shrink: (x) => tf.mul(x, above(tf.abs(x), 0.5)),
  abs: tf.abs,
  // 0 up to -1, a parabola up to 1, then x: the parabola reaches 1 where the line takes over.
  sparse_plus: (x) =>
    tf.add(tf.div(tf.square(tf.add(tf.clipByValue(x, -1, 1), 1)), 4), tf.relu(tf.sub(x, 1))),
}

/** A new tensor; the caller tidies. */
export function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  switch (activation.fn) {
    case 'leaky_relu':
      return tf.leakyRelu(x, activation.slope)
    case 'elu_alpha':
      return tf.add(tf.relu(x), tf.mul(activation.alpha, tf.elu(tf.minimum(x, 0))))
    case 'general_relu':
      return generalRelu(x, activation)
    default:
      return plain[activation.fn](x)
  }
}

function generalRelu(
  x: tf.Tensor,
  { max, slope, threshold }: Extract<Activation, { fn: 'general_relu' }>,
): tf.Tensor {
  const passed = threshold === 0 ? tf.relu(x) : tf.mul(x, above(x, threshold))
  const capped = max === null ? passed : tf.clipByValue(passed, 0, max)
  return slope === 0 ? capped : tf.sub(capped, tf.mul(slope, tf.relu(tf.sub(threshold, x))))
}

/** The activation if our convolutions know it; null if it has to be applied afterwards. */
export function ownActivation(activation: Activation): OwnActivation | null {
  return 'slope' in activation || 'alpha' in activation || isPlainFunction(activation.fn)
    ? (activation as OwnActivation)
    : null
}

function isPlainFunction(fn: PlainActivation): boolean {
  return (plainFunctions as readonly PlainActivation[]).includes(fn)
}

/** The activation as tfjs' fused convolution names it; null if it has to be applied afterwards. */
export function fusedName(activation: Activation): 'linear' | 'relu' | 'relu6' | null {
  const { fn } = activation
  return fn === 'linear' || fn === 'relu' || fn === 'relu6' ? fn : null
}
