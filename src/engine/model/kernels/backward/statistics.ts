/** @file The way back through what is normalized by its own statistics, and through what makes one number of many. */
import * as tf from '@tensorflow/tfjs'
import type { Reduction } from '../../../../core/model/network.ts'
import { neighbourSums, responseBase } from '../localResponse.ts'
import type { Backwards, Reads } from './backward.ts'

const withBatch = (axes: readonly number[]): number[] => axes.map((axis) => axis + 1)

export const statistics = {
  layerNorm: {
    reads: () => ({ inputs: true }),
    back(gradient, { op, inputs: [x], weights }) {
      const axes = withBatch(op.axes)
      const alongAxes = x!.shape.map((length, axis) => (axes.includes(axis) ? length : 1))
      const scaled = op.scale ? tf.mul(gradient, tf.reshape(weights[0]!, alongAxes)) : gradient
      return beforeNormalization(scaled, x!, { axes, epsilon: op.epsilon, centers: !op.rms })
    },
  },
  groupNorm: {
    reads: () => ({ inputs: true }),
    back(gradient, { op, inputs: [x], weights }) {
      const channels = x!.shape.at(-1)!
      const groups = op.groups === -1 ? channels : op.groups
      const grouped = [x!.shape[0]!, -1, groups, channels / groups]
      const scaled = op.scale ? tf.mul(gradient, weights[0]!) : gradient
      const before = beforeNormalization(tf.reshape(scaled, grouped), tf.reshape(x!, grouped), {
        axes: [1, 3],
        epsilon: op.epsilon,
        centers: true,
      })
      return tf.reshape(before, x!.shape)
    },
  },
  /** Below the smallest length, which is divided by instead, the length does not matter. */
  unitNorm: {
    reads: () => ({ inputs: true }),
    back(gradient, { op, inputs: [x] }) {
      const axes = withBatch(op.axes)
      const length = tf.sqrt(tf.sum(tf.square(x!), axes, true))
      const divisor = tf.maximum(length, smallestLength)
      const unit = tf.div(x!, divisor)
      const along = tf.mul(unit, tf.sum(tf.mul(gradient, unit), axes, true))
      const counted = tf.cast(tf.greaterEqual(length, smallestLength), 'float32')
      return tf.div(tf.sub(gradient, tf.mul(along, counted)), divisor)
    },
  },
  softmax: {
    reads: () => ({ output: true }),
    back(gradient, { op, output }) {
      const axes = withBatch(op.axes)
      return op.log
        ? tf.sub(gradient, tf.mul(tf.exp(output!), tf.sum(gradient, axes, true)))
        : tf.mul(output!, tf.sub(gradient, tf.sum(tf.mul(gradient, output!), axes, true)))
    },
  },
  /** A number counts by itself, and in the base of those in whose window it lies: windows seen from the other end. */
  lrn: {
    reads: () => ({ inputs: true }),
    back(gradient, { op, inputs: [x] }) {
      const base = responseBase(op, x!)
      const own = tf.mul(gradient, tf.pow(base, -op.beta))
      const byBase = tf.div(tf.mul(own, x!), base)
      const factor = (2 * op.beta * op.alpha) / op.size
      return tf.sub(own, tf.mul(factor, tf.mul(x!, neighbourSums(op, byBase, 'transposed'))))
    },
  },
  reduce: {
    reads: ({ fn }) => reductions[fn].reads,
    back(gradient, { op, shapes: [shape], inputs: [x], output }) {
      const axes = withBatch(op.axes)
      const count = axes.reduce((product, axis) => product * shape![axis]!, 1)
      const values = { x: x!, y: output!, axes, count }
      return tf.mul(reductions[op.fn].factor(values), tf.broadcastTo(gradient, [...shape!]))
    },
  },
} satisfies Backwards

/** Keras' smallest length of a vector. */
const smallestLength = 1e-12

interface Normalization {
  readonly axes: number[]
  readonly epsilon: number
  /** Whether the mean is taken off. */
  readonly centers: boolean
}

/**
 * Through `(x − mean) / √(variance + ε)`: the gradient without what moves all numbers together, or makes them all larger, as this
 * changes nothing behind the normalization.
 */
function beforeNormalization(
  gradient: tf.Tensor,
  x: tf.Tensor,
  { axes, epsilon, centers }: Normalization,
): tf.Tensor {
  const centered = centers ? tf.sub(x, tf.mean(x, axes, true)) : x
  const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centered), axes, true), epsilon))
  const unit = tf.mul(centered, inverse)
  const along = tf.mul(unit, tf.mean(tf.mul(gradient, unit), axes, true))
  const shape = tf.sub(gradient, along)
  return tf.mul(inverse, centers ? tf.sub(shape, tf.mean(gradient, axes, true)) : shape)
}

/** Many numbers and what was made of them. */
interface Reduced {
  readonly x: tf.Tensor
  readonly y: tf.Tensor
  readonly axes: number[]
  /** How many numbers become one. */
  readonly count: number
}

interface Derivative {
  readonly reads: Reads
  readonly factor: (values: Reduced) => tf.Tensor
}

/** Equal extremes share what comes back, as in TensorFlow and in PyTorch's `amax`. */
const extreme: Derivative = {
  reads: { inputs: true, output: true },
  factor({ x, y, axes }) {
    const isOne = tf.cast(tf.equal(x, y), 'float32')
    return tf.div(isOne, tf.sum(isOne, axes, true))
  },
}

const reductions: Readonly<Record<Reduction, Derivative>> = {
  mean: { reads: {}, factor: ({ count }) => tf.scalar(1 / count) },
  sum: { reads: {}, factor: () => tf.scalar(1) },
  max: extreme,
  min: extreme,
  l1: { reads: { inputs: true }, factor: ({ x }) => tf.sign(x) },
  // A vector of zeros has no direction: 0, as in PyTorch.
  l2: { reads: { inputs: true, output: true }, factor: ({ x, y }) => tf.divNoNan(x, y) },
  sumSquare: { reads: { inputs: true }, factor: ({ x }) => tf.mul(2, x) },
}
