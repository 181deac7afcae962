/** @file The kernel of each kind of layer, on tensors with the batch first. */
import * as tf from '@tensorflow/tfjs'
import type { OperationKind, OperationOf, PointwiseFunction, Reduction } from '../../../core/model/network.ts'
import { activate } from './activations.ts'
import { combined, sameRank } from './arithmetic.ts'
import {
  affineEnd,
  type FilterFactors,
  convolve,
  convolveDepthwise,
  convolveSeparably,
  convolveTransposed,
} from './convolutions.ts'
import { chosen } from './choice.ts'
import { interpolated } from './interpolation.ts'
import { normalizedLocally } from './localResponse.ts'
import { multiplied } from './matMul.ts'
import {
  normalizeBatch,
  normalizeByConstants,
  normalizeGroups,
  normalizeLayer,
  normalizeLength,
} from './normalizations.ts'
import { pairOf } from './pair.ts'
import { pooled } from './pooling.ts'
import { transposed } from './transposed.ts'
import { cosine, sine } from './trigonometry.ts'

/** Gets the inputs `[N, …]` and the layer's weights in the order of the kind's; the caller tidies. */
type Kernel<K extends OperationKind> = (
  op: OperationOf<K>,
  inputs: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  factors: FilterFactors,
) => tf.Tensor

const map = (inputs: readonly tf.Tensor[]): tf.Tensor4D => inputs[0] as tf.Tensor4D

/** tfjs' approximation is exact to 1.5e-7, which is much of a small number: close to 0 the series is used. */
function errorFunction(x: tf.Tensor): tf.Tensor {
  const square = tf.square(x)
  const series = tf.sub(1, tf.mul(square, tf.sub(1 / 3, tf.mul(square, 1 / 10))))
  const small = tf.mul(tf.mul(x, 2 / Math.sqrt(Math.PI)), series)
  return tf.where(tf.less(tf.abs(x), 0.1), small, tf.erf(x))
}

const pointwise: Readonly<Record<PointwiseFunction, (x: tf.Tensor) => tf.Tensor>> = {
  sqrt: tf.sqrt,
  reciprocal: tf.reciprocal,
  log: tf.log,
  erf: errorFunction,
  floor: tf.floor,
  ceil: tf.ceil,
  // Halves go to the even neighbour.
  round: tf.round,
  sign: tf.sign,
  sin: sine,
  cos: cosine,
  isNaN: (x) => tf.cast(tf.isNaN(x), 'float32'),
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

function resized(
  x: tf.Tensor4D,
  to: readonly [number, number],
  op: Pick<OperationOf<'resize'>, 'interpolation' | 'centers'>,
): tf.Tensor {
  const resize = op.interpolation === 'nearest' ? tf.image.resizeNearestNeighbor : tf.image.resizeBilinear
  return resize(x, pairOf(to), op.centers === 'align-corners', op.centers === 'half-pixel')
}

/** The map with rows and columns of its own around it. */
function repeated(op: OperationOf<'pad'>, x: tf.Tensor4D): tf.Tensor {
  const along = (from: tf.Tensor, axis: 0 | 1): tf.Tensor => {
    const [before, after] = axis === 0 ? op.rows : op.columns
    const length = x.shape[axis + 1]!
    const places = Array.from({ length: before + length + after }, (_, i) => {
      const at = i - before
      return op.mode === 'edge' ? Math.min(Math.max(at, 0), length - 1) : (at + before * length) % length
    })
    return tf.gather(from, tf.tensor1d(places, 'int32'), axis + 1)
  }
  return along(along(x, 0), 1)
}

function softmaxAlong(op: OperationOf<'softmax'>, x: tf.Tensor): tf.Tensor {
  const axes = op.axes.map((axis) => axis + 1)
  const shifted = tf.sub(x, tf.max(x, axes, true))
  const powers = tf.exp(shifted)
  const sum = tf.sum(powers, axes, true)
  return op.log ? tf.sub(shifted, tf.log(sum)) : tf.div(powers, sum)
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
  softmax: (op, [x]) => softmaxAlong(op, x!),
  lrn: (op, [x]) => normalizedLocally(op, x!),
  where: chosen,
  quantize(op, [x]) {
    const steps = tf.round(tf.div(x!, tf.tensor1d([...op.scale])))
    return tf.clipByValue(tf.add(steps, tf.tensor1d([...op.zeroPoint])), op.low, op.high)
  },
  dequantize: (op, [x]) => tf.mul(tf.sub(x!, tf.tensor1d([...op.zeroPoint])), tf.tensor1d([...op.scale])),
  tile: (op, [x]) => tf.tile(x!, [1, ...op.repeats]),
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
    const moved = transposed(parts, [0, ...op.order.map((part) => part + 1)])
    return tf.reshape(moved, [batch, ...op.target])
  },
  identity: (_, [x]) => x!.clone(),
  rescale: (op, [x]) => tf.add(tf.mul(x!, tf.tensor1d([...op.scale])), tf.tensor1d([...op.offset])),
  pad(op, inputs) {
    const margins: [number, number][] = [[0, 0], pairOf(op.rows), pairOf(op.columns), [0, 0]]
    if (op.mode === 'constant') return tf.pad(map(inputs), margins, op.value)
    if (op.mode === 'edge' || op.mode === 'wrap') return repeated(op, map(inputs))
    return tf.mirrorPad(map(inputs), margins, op.mode)
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
  interpolate: (op, inputs) => interpolated(op, map(inputs)),
  merge(op, inputs) {
    const all = sameRank(inputs).reduce(combined[op.fn])
    return op.fn === 'average' ? tf.div(all, inputs.length) : all
  },
  addScaled(op, inputs) {
    const [x, residual] = sameRank(inputs)
    return tf.add(x!, tf.mul(residual!, op.scale))
  },
  withConstant(op, [x], [weights]) {
    const constant = typeof op.constant === 'number' ? tf.scalar(op.constant) : weights!
    return op.constantFirst ? combined[op.fn](constant, x!) : combined[op.fn](x!, constant)
  },
  depthToSpace: (op, inputs) => tf.depthToSpace(map(inputs), op.block),
  wholeNumbers: (_, [x]) => tf.cast(tf.cast(x!, 'int32'), 'float32'),
  concat: (op, inputs) => tf.concat([...inputs], op.axis),
  joinConstants(op, [x], weights) {
    const batch = x!.shape[0]!
    const ends = weights.map((weight) =>
      tf.tile(tf.expandDims(weight), [batch, ...weight.shape.map(() => 1)]),
    )
    const middle = tf.reshape(x!, [batch, ...op.shape])
    const parts = op.before > 0 ? [ends[0]!, middle, ...ends.slice(1)] : [middle, ...ends]
    return tf.concat(parts, op.axis + 1)
  },
  matMul: multiplied,
  patches({ first, grid }, [x]) {
    const [batch, , channels] = x!.shape as [number, number, number]
    const [rows, columns] = grid
    return tf.reshape(tf.slice(x!, [0, first, 0], [batch, rows * columns, channels]), [
      batch,
      rows,
      columns,
      channels,
    ])
  },
  token({ index }, [x]) {
    const [batch, , channels] = x!.shape as [number, number, number]
    return tf.reshape(tf.slice(x!, [0, index, 0], [batch, 1, channels]), [batch, channels])
  },
  sliceChannels(op, [x]) {
    const begin = x!.shape.map((_, axis) => (axis === x!.rank - 1 ? op.start : 0))
    return tf.slice(x!, begin, [...x!.shape.slice(0, -1), op.size])
  },
  takeChannels: (op, [x]) => tf.gather(x!, tf.tensor1d([...op.channels], 'int32'), x!.rank - 1),
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
