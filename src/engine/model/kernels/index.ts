/** @file The kernel of each kind of layer, on tensors with the batch first. */
import * as tf from '@tensorflow/tfjs'
import type {
  Arithmetic,
  Margins,
  OperationKind,
  OperationOf,
  Padding,
  Pair,
  PointwiseFunction,
  Reduction,
} from '../../../core/model/network.ts'
import { activate } from './activations.ts'
import {
  affineEnd,
  type FilterFactors,
  convolve,
  convolveDepthwise,
  convolveSeparably,
  convolveTransposed,
} from './convolutions.ts'
import {
  normalizeBatch,
  normalizeByConstants,
  normalizeGroups,
  normalizeLayer,
  normalizeLength,
} from './normalizations.ts'
import { explicit, padOf, pairOf } from './pair.ts'

/** Gets the inputs `[N, …]` and the layer's weights in the order of the kind's; the caller tidies. */
type Kernel<K extends OperationKind> = (
  op: OperationOf<K>,
  inputs: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  factors: FilterFactors,
) => tf.Tensor

const map = (inputs: readonly tf.Tensor[]): tf.Tensor4D => inputs[0] as tf.Tensor4D

const binary: Readonly<Record<Arithmetic, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor>> = {
  add: tf.add,
  average: tf.add,
  subtract: tf.sub,
  multiply: tf.mul,
  divide: tf.div,
  maximum: tf.maximum,
  minimum: tf.minimum,
  power: tf.pow,
}

const pointwise: Readonly<Record<PointwiseFunction, (x: tf.Tensor) => tf.Tensor>> = {
  sqrt: tf.sqrt,
  reciprocal: tf.reciprocal,
  log: tf.log,
  erf: tf.erf,
  floor: tf.floor,
  ceil: tf.ceil,
  // Halves go to the even neighbour.
  round: tf.round,
  sign: tf.sign,
  sin: tf.sin,
  cos: tf.cos,
}

const reductions: Readonly<Record<Reduction, (x: tf.Tensor, axes: number[]) => tf.Tensor>> = {
  mean: (x, axes) => tf.mean(x, axes, true),
  max: (x, axes) => tf.max(x, axes, true),
  min: (x, axes) => tf.min(x, axes, true),
  sum: (x, axes) => tf.sum(x, axes, true),
  l1: (x, axes) => tf.sum(tf.abs(x), axes, true),
  l2: (x, axes) => tf.sqrt(tf.sum(tf.square(x), axes, true)),
  sumSquare: (x, axes) => tf.sum(tf.square(x), axes, true),
}

/** Vectors `[N, C]` beside maps `[N, H, W, C]` get the missing axes, which NumPy would put before the batch. */
function sameRank(inputs: readonly tf.Tensor[]): tf.Tensor[] {
  const rank = Math.max(...inputs.map((input) => input.rank))
  return inputs.map((input) => {
    const [batch, ...rest] = input.shape
    return input.rank === rank
      ? input
      : tf.reshape(input, [batch!, ...Array<number>(rank - input.rank).fill(1), ...rest])
  })
}

function resized(
  x: tf.Tensor4D,
  to: readonly [number, number],
  op: Pick<OperationOf<'resize'>, 'interpolation' | 'centers'>,
): tf.Tensor {
  const resize = op.interpolation === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear
  return resize(x, pairOf(to), op.centers === 'align-corners', op.centers === 'half-pixel')
}

function pooled(op: OperationOf<'pool'>, x: tf.Tensor4D): tf.Tensor {
  const pool = op.reduce === 'max' ? tf.maxPool : tf.avgPool
  const widened = op.counted ? tf.pad(x, explicit(op.counted)) : x
  const rest = op.counted ? without(op.padding, op.counted) : op.padding
  return pool(widened, pairOf(op.kernel), pairOf(op.strides), padOf(rest))
}

/** The margins that are left when `inner` are part of the map. */
function without(padding: Padding, inner: Margins): Padding {
  if (typeof padding === 'string') return padding
  const less = ([a, b]: Pair, [c, d]: Pair): Pair => [a - c, b - d]
  return { rows: less(padding.rows, inner.rows), columns: less(padding.columns, inner.columns) }
}

const kernels: { readonly [K in OperationKind]: Kernel<K> } = {
  input: (_, [x]) => x!.clone(),
  conv: (op, inputs, weights, factors) => convolve(op, map(inputs), weights, factors),
  depthwiseConv: (op, inputs, weights) => convolveDepthwise(op, map(inputs), weights),
  separableConv: (op, inputs, weights, factors) => convolveSeparably(op, map(inputs), weights, factors),
  transposedConv: (op, inputs, weights) => convolveTransposed(op, map(inputs), weights),
  pool: (op, inputs) => pooled(op, map(inputs)),
  globalPool: (op, inputs) => (op.reduce === 'max' ? tf.max : tf.mean)(map(inputs), [1, 2], op.keepDims),
  batchNorm: (op, [x], weights) => normalizeBatch(op, x!, weights),
  normalization: (op, [x], weights) => normalizeByConstants(op, x!, weights),
  layerNorm: (op, [x], weights) => normalizeLayer(op, x!, weights),
  groupNorm: (op, [x], weights) => normalizeGroups(op, x!, weights),
  unitNorm: (op, [x]) => normalizeLength(op, x!),
  activation: (op, [x]) => activate(x!, op.activation),
  pointwise: (op, [x]) => pointwise[op.fn](x!),
  reduce: (op, [x]) =>
    reductions[op.fn](
      x!,
      op.axes.map((axis) => axis + 1),
    ),
  // tfjs' own prelu on WASM knows no slopes that are shared along rows only.
  prelu: (_, [x], [alpha]) => tf.sub(tf.relu(x!), tf.mul(alpha!, tf.relu(tf.neg(x!)))),
  dense(op, [x], [kernel, bias]) {
    const rows = tf.reshape(x!, [-1, x!.shape.at(-1)!])
    const product = tf.matMul(rows, kernel as tf.Tensor2D)
    return affineEnd(tf.reshape(product, [...x!.shape.slice(0, -1), op.units]), bias, op.activation)
  },
  flatten(op, [x]) {
    const ordered = op.channelsFirst ? tf.transpose(x!, [0, 3, 1, 2]) : x!
    return tf.reshape(ordered, [x!.shape[0]!, -1])
  },
  reshape: (op, [x]) => tf.reshape(x!, [x!.shape[0]!, ...op.target]),
  rearrange(op, [x]) {
    const batch = x!.shape[0]!
    const parts = tf.reshape(x!, [batch, ...op.split])
    const moved = tf.transpose(parts, [0, ...op.order.map((part) => part + 1)])
    return tf.reshape(moved, [batch, ...op.target])
  },
  identity: (_, [x]) => x!.clone(),
  rescale: (op, [x]) => tf.add(tf.mul(x!, tf.tensor1d([...op.scale])), tf.tensor1d([...op.offset])),
  pad(op, inputs) {
    const margins: [number, number][] = [[0, 0], pairOf(op.rows), pairOf(op.columns), [0, 0]]
    return op.mode === 'constant'
      ? tf.pad(map(inputs), margins, op.value)
      : tf.mirrorPad(map(inputs), margins, op.mode)
  },
  padChannels(op, [x]) {
    const margins = x!.shape.map((_, axis): [number, number] =>
      axis === x!.rank - 1 ? [op.before, op.after] : [0, 0],
    )
    return tf.pad(x!, margins, op.value)
  },
  crop(op, inputs) {
    const [, height, width] = map(inputs).shape
    return tf.slice(
      map(inputs),
      [0, op.rows[0], op.columns[0], 0],
      [-1, height - op.rows[0] - op.rows[1], width - op.columns[0] - op.columns[1], -1],
    )
  },
  upsample(op, inputs) {
    const [, height, width] = map(inputs).shape
    return resized(map(inputs), [height * op.size[0], width * op.size[1]], { ...op, centers: 'half-pixel' })
  },
  resize: (op, inputs) => resized(map(inputs), op.to, op),
  merge(op, inputs) {
    const all = sameRank(inputs).reduce(binary[op.fn])
    return op.fn === 'average' ? tf.div(all, inputs.length) : all
  },
  addScaled(op, inputs) {
    const [x, residual] = sameRank(inputs)
    return tf.add(x!, tf.mul(residual!, op.scale))
  },
  withConstant(op, [x], [weights]) {
    const constant = typeof op.constant === 'number' ? tf.scalar(op.constant) : weights!
    return op.constantFirst ? binary[op.fn](constant, x!) : binary[op.fn](x!, constant)
  },
  depthToSpace: (op, inputs) => tf.depthToSpace(map(inputs), op.block),
  wholeNumbers: (_, [x]) => tf.cast(tf.cast(x!, 'int32'), 'float32'),
  concat: (op, inputs) => tf.concat([...inputs], op.axis),
  sliceChannels(op, [x]) {
    const begin = x!.shape.map((_, axis) => (axis === x!.rank - 1 ? op.start : 0))
    return tf.slice(x!, begin, [...x!.shape.slice(0, -1), op.size])
  },
  slice({ axis, start, step, count }, [x]) {
    if (step !== 1) {
      const places = Array.from({ length: count }, (_, i) => start + i * step)
      return tf.gather(x!, tf.tensor1d(places, 'int32'), axis + 1)
    }
    const begin = x!.shape.map((_, i) => (i === axis + 1 ? start : 0))
    return tf.slice(x!, begin, x!.shape.with(axis + 1, count))
  },
}

/** `factors` only if `takesFactors`. */
export function runKernel<K extends OperationKind>(
  op: OperationOf<K>,
  inputs: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  factors?: FilterFactors,
): tf.Tensor {
  return (kernels[op.kind] as Kernel<K>)(op, inputs, weights, factors)
}
