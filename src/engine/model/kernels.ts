/** @file What each kind of layer computes, on tensors with the batch first. One entry a kind. */
import * as tf from '@tensorflow/tfjs'
import type { Activation, OperationKind, OperationOf } from '../../core/model/network.ts'
import { activate, fusedName } from './activations.ts'

/** Inputs `[N, …]` and the layer's weights in file order; the caller tidies. */
type Kernel<K extends OperationKind> = (
  op: OperationOf<K>,
  inputs: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
) => tf.Tensor

const map = (inputs: readonly tf.Tensor[]): tf.Tensor4D => inputs[0] as tf.Tensor4D
const pairOf = ([a, b]: readonly [number, number]): [number, number] => [a, b]

/** Bias and activation where no fused kernel does it. */
function affineEnd(x: tf.Tensor, bias: tf.Tensor | undefined, activation: Activation): tf.Tensor {
  const biased = bias ? tf.add(x, bias) : x
  return activation.fn === 'linear' && bias ? biased : activate(biased, activation)
}

/** Convolution, bias and, where tfjs can, activation in one kernel. */
function convolve(
  kernel: typeof tf.fused.conv2d | typeof tf.fused.depthwiseConv2d,
  op: OperationOf<'conv'> | OperationOf<'depthwiseConv'>,
  inputs: readonly tf.Tensor[],
  [filter, bias]: readonly tf.Tensor[],
): tf.Tensor {
  const fused = fusedName(op.activation)
  const x = kernel({
    x: map(inputs),
    filter: filter as tf.Tensor4D,
    strides: pairOf(op.strides),
    pad: op.padding,
    dilations: pairOf(op.dilation),
    ...(bias ? { bias } : {}),
    activation: fused ?? 'linear',
  })
  return fused ? x : activate(x, op.activation)
}

const kernels: { readonly [K in OperationKind]: Kernel<K> } = {
  input: (_, [x]) => x!.clone(),
  conv: (op, inputs, weights) => convolve(tf.fused.conv2d, op, inputs, weights),
  depthwiseConv: (op, inputs, weights) => convolve(tf.fused.depthwiseConv2d, op, inputs, weights),
  pool(op, inputs) {
    const pool = op.reduce === 'max' ? tf.maxPool : tf.avgPool
    return pool(map(inputs), pairOf(op.kernel), pairOf(op.strides), op.padding)
  },
  globalPool: (op, inputs) => (op.reduce === 'max' ? tf.max : tf.mean)(map(inputs), [1, 2]),
  batchNorm(op, [x], weights) {
    const rest = [...weights]
    const gamma = op.scale ? rest.shift() : undefined
    const beta = op.center ? rest.shift() : undefined
    const [mean, variance] = rest as [tf.Tensor1D, tf.Tensor1D]
    return tf.batchNorm(x!, mean, variance, beta as tf.Tensor1D, gamma as tf.Tensor1D, op.epsilon)
  },
  activation: (op, [x]) => activate(x!, op.activation),
  dense(op, [x], [kernel, bias]) {
    const rows = tf.reshape(x!, [-1, x!.shape.at(-1)!])
    const product = tf.matMul(rows, kernel as tf.Tensor2D)
    return affineEnd(tf.reshape(product, [...x!.shape.slice(0, -1), op.units]), bias, op.activation)
  },
  flatten: (_, [x]) => tf.reshape(x!, [x!.shape[0]!, -1]),
  identity: (_, [x]) => x!.clone(),
  rescale: (op, [x]) => tf.add(tf.mul(x!, op.scale), op.offset),
  pad: (op, inputs) => tf.pad(map(inputs), [[0, 0], pairOf(op.rows), pairOf(op.columns), [0, 0]]),
  crop(op, inputs) {
    const [, height, width] = map(inputs).shape
    return tf.slice(
      map(inputs),
      [0, op.rows[0], op.columns[0], 0],
      [-1, height - op.rows[0] - op.rows[1], width - op.columns[0] - op.columns[1], -1],
    )
  },
  add: (_, inputs) => tf.addN([...inputs]),
  concat: (op, inputs) => tf.concat([...inputs], op.axis),
}

export function runKernel<K extends OperationKind>(
  op: OperationOf<K>,
  inputs: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
): tf.Tensor {
  return (kernels[op.kind] as Kernel<K>)(op, inputs, weights)
}
