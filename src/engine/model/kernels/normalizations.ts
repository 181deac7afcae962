/** @file The kernels of all normalizations. Tensors have the batch first; the caller tidies. */
import * as tf from '@tensorflow/tfjs'
import type { OperationOf } from '../../../core/model/network.ts'
import { wasmKernels } from '../../backend/tfjsBackend.ts'

type Weights = readonly tf.Tensor[]

/** Keras' `backend.epsilon()`. */
const kerasEpsilon = 1e-7

/** The arrays of a batch normalization by what they are. */
export function batchNormOf({ scale, center, epsilon }: OperationOf<'batchNorm'>, weights: Weights) {
  const rest = [...weights] as tf.Tensor1D[]
  const gamma = scale ? rest.shift() : undefined
  const beta = center ? rest.shift() : undefined
  return { mean: rest[0]!, variance: rest[1]!, offset: beta, scale: gamma, epsilon }
}

export function normalizeBatch(op: OperationOf<'batchNorm'>, x: tf.Tensor, weights: Weights): tf.Tensor {
  const { mean, variance, offset, scale, epsilon } = batchNormOf(op, weights)
  return (
    wasmKernels()?.batchNormBySimd(x, mean, variance, offset, scale, epsilon) ??
    tf.batchNorm(x, mean, variance, offset, scale, epsilon)
  )
}

/** `x` times the factor of each channel. */
export function scaledByBatchNorm(
  x: tf.Tensor,
  { variance, scale, epsilon }: Pick<ReturnType<typeof batchNormOf>, 'variance' | 'scale' | 'epsilon'>,
): tf.Tensor {
  const ours = wasmKernels()?.batchNormBySimd(x, undefined, variance, undefined, scale, epsilon)
  return ours ?? tf.batchNorm(x, tf.zerosLike(variance), variance, undefined, scale, epsilon)
}

export function normalizeByConstants(
  op: OperationOf<'normalization'>,
  x: tf.Tensor,
  weights: Weights,
): tf.Tensor {
  const mean = op.constants ? tf.tensor1d([...op.constants.mean]) : weights[0]!
  const deviation = deviationOf(op, weights)
  return op.invert ? tf.add(tf.mul(x, deviation), mean) : tf.div(tf.sub(x, mean), deviation)
}

/** What is divided by, or multiplied with if it is inverted. */
export function deviationOf({ constants }: OperationOf<'normalization'>, weights: Weights): tf.Tensor {
  const variance = constants ? tf.tensor1d([...constants.variance]) : weights[1]!
  return tf.maximum(tf.sqrt(variance), kerasEpsilon)
}

export function normalizeLayer(op: OperationOf<'layerNorm'>, x: tf.Tensor, weights: Weights): tf.Tensor {
  const axes = op.axes.map((axis) => axis + 1)
  const alongAxes = x.shape.map((length, axis) => (axes.includes(axis) ? length : 1))
  const broadcastable = (weight: tf.Tensor | undefined): tf.Tensor | undefined =>
    weight && tf.reshape(weight, alongAxes)
  const rest = [...weights]
  const gamma = op.scale ? rest.shift() : undefined
  const beta = op.center ? rest.shift() : undefined
  if (op.rms) return scaled(x, tf.mean(tf.square(x), axes, true), op.epsilon, broadcastable(gamma), undefined)
  const { mean, variance } = tf.moments(x, axes, true)
  return scaled(tf.sub(x, mean), variance, op.epsilon, broadcastable(gamma), broadcastable(beta))
}

export function normalizeGroups(op: OperationOf<'groupNorm'>, x: tf.Tensor, weights: Weights): tf.Tensor {
  const channels = x.shape.at(-1)!
  const groups = op.groups === -1 ? channels : op.groups
  const grouped = tf.reshape(x, [x.shape[0]!, -1, groups, channels / groups])
  const { mean, variance } = tf.moments(grouped, [1, 3], true)
  const centered = tf.sub(grouped, mean)
  const unit = tf.reshape(scaled(centered, variance, op.epsilon, undefined, undefined), x.shape)
  const rest = [...weights]
  const multiplied = op.scale ? tf.mul(unit, rest.shift()!) : unit
  return op.center ? tf.add(multiplied, rest.shift()!) : multiplied
}

/** A vector of zeros stays one. */
export function normalizeLength(op: OperationOf<'unitNorm'>, x: tf.Tensor): tf.Tensor {
  const squares = tf.sum(
    tf.square(x),
    op.axes.map((axis) => axis + 1),
    true,
  )
  return tf.div(x, tf.maximum(tf.sqrt(squares), 1e-12))
}

/** `x / √(variance + ε) · gamma + beta` */
function scaled(
  x: tf.Tensor,
  variance: tf.Tensor,
  epsilon: number,
  gamma: tf.Tensor | undefined,
  beta: tf.Tensor | undefined,
): tf.Tensor {
  const inverse = tf.rsqrt(tf.add(variance, epsilon))
  const y = tf.mul(x, gamma ? tf.mul(inverse, gamma) : inverse)
  return beta ? tf.add(y, beta) : y
}
