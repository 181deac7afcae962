/** @file Keras' activation functions on tensors; the fused ones are done within the convolution. */
import * as tf from '@tensorflow/tfjs'
import type { Activation, PlainActivation } from '../../core/model/network.ts'

const plain: Readonly<Record<PlainActivation, (x: tf.Tensor) => tf.Tensor>> = {
  linear: (x) => x.clone(),
  relu: tf.relu,
  relu6: tf.relu6,
  elu: tf.elu,
  selu: tf.selu,
  sigmoid: tf.sigmoid,
  // Keras 3: relu6(x + 3) / 6
  hard_sigmoid: (x) => tf.div(tf.relu6(tf.add(x, 3)), 6),
  // Keras 1 and 2: clip(0.2 x + 0.5, 0, 1)
  hard_sigmoid_2: (x) => tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1),
  tanh: tf.tanh,
  softmax: (x) => tf.softmax(x),
  softplus: tf.softplus,
  softsign: (x) => tf.div(x, tf.add(tf.abs(x), 1)),
  silu: (x) => tf.mul(x, tf.sigmoid(x)),
  // Keras' default is the exact one: x Φ(x)
  gelu: (x) => tf.mul(x, tf.mul(0.5, tf.add(1, tf.erf(tf.mul(x, Math.SQRT1_2))))),
  exponential: tf.exp,
}

export function activate(x: tf.Tensor, activation: Activation): tf.Tensor {
  if (activation.fn === 'leaky_relu') return tf.leakyRelu(x, activation.slope)
  if (activation.fn === 'clipped_relu') return tf.clipByValue(x, 0, activation.max)
  return plain[activation.fn](x)
}

/** The activation as tfjs' fused convolution names it; null where it has to be applied afterwards. */
export function fusedName(activation: Activation): 'linear' | 'relu' | 'relu6' | null {
  const { fn } = activation
  return fn === 'linear' || fn === 'relu' || fn === 'relu6' ? fn : null
}
