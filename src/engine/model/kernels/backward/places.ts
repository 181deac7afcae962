/** @file The way back through layers that take some of the numbers, put others beside them, or change their order. */
import * as tf from '@tensorflow/tfjs'
import { elementCount } from '../../../../core/model/network.ts'
import { inverseOrder, transposed } from '../transposed.ts'
import { weightedSums } from '../weightedSums.ts'
import { type Backwards, nothing } from './backward.ts'
import { transposedTaps } from './transposedTaps.ts'

export const places = {
  /** Sums over all copies. */
  tile: {
    reads: () => nothing,
    back: (gradient, { op }) =>
      op.repeats.reduce(
        (sum, repeats, axis) => (repeats > 1 ? folded(sum, axis + 1, repeats) : sum),
        gradient,
      ),
  },
  rearrange: {
    reads: () => nothing,
    back(gradient, { op, shapes: [shape] }) {
      const lengths = op.order.map((part) => op.split[part]!)
      const parts = tf.reshape(gradient, [shape![0]!, ...lengths])
      return tf.reshape(transposed(parts, inverseOrder([0, ...op.order.map((part) => part + 1)])), [
        ...shape!,
      ])
    },
  },
  depthToSpace: {
    reads: () => nothing,
    back(gradient, { op: { block }, shapes: [shape] }) {
      const [batch, height, width, channels] = shape as [number, number, number, number]
      const parts = [batch, height, block, width, block, channels / block ** 2]
      return tf.reshape(transposed(tf.reshape(gradient, parts), [0, 1, 3, 2, 4, 5]), [...shape!])
    },
  },
  padChannels: {
    reads: () => nothing,
    back(gradient, { op, shapes: [shape] }) {
      return cut(gradient, gradient.rank - 1, op.before, shape!.at(-1)!)
    },
  },
  joinConstants: {
    reads: () => nothing,
    back: (gradient, { op, shapes: [shape] }) =>
      tf.reshape(cut(gradient, op.axis + 1, op.before, op.shape[op.axis]!), [...shape!]),
  },
  patches: {
    reads: () => nothing,
    back(gradient, { op: { first, grid }, shapes: [shape] }) {
      const [batch, tokens, channels] = shape as [number, number, number]
      const count = elementCount(grid)
      return amongZeros(tf.reshape(gradient, [batch, count, channels]), 1, first, tokens)
    },
  },
  token: {
    reads: () => nothing,
    back(gradient, { op: { index }, shapes: [shape] }) {
      const [batch, tokens, channels] = shape as [number, number, number]
      return amongZeros(tf.reshape(gradient, [batch, 1, channels]), 1, index, tokens)
    },
  },
  sliceChannels: {
    reads: () => nothing,
    back: (gradient, { op, shapes: [shape] }) =>
      amongZeros(gradient, gradient.rank - 1, op.start, shape!.at(-1)!),
  },
  takeChannels: {
    reads: () => nothing,
    back: (gradient, { op, shapes: [shape] }) =>
      putBack(gradient, gradient.rank - 1, op.channels, shape!.at(-1)!),
  },
  slice: {
    reads: () => nothing,
    back(gradient, { op: { axis, start, step, count }, shapes: [shape] }) {
      const length = shape![axis + 1]!
      if (step === 1) return amongZeros(gradient, axis + 1, start, length)
      const taken = Array.from({ length: count }, (_, i) => start + i * step)
      return putBack(gradient, axis + 1, taken, length)
    },
  },
} satisfies Backwards

/** What is before the axis, along it and behind it, as three axes, which every backend can do everything with. */
function blocks(shape: readonly number[], axis: number): [number, number, number] {
  return [elementCount(shape.slice(0, axis)), shape[axis]!, elementCount(shape.slice(axis + 1))]
}

/** The sum of so many parts that lie one behind the other along the axis. */
function folded(x: tf.Tensor, axis: number, parts: number): tf.Tensor {
  const [before, length, behind] = blocks(x.shape, axis)
  const apart = tf.reshape(x, [before, parts, (length / parts) * behind])
  return tf.reshape(tf.sum(apart, 1), x.shape.with(axis, length / parts))
}

/** The places `[start, start + count)` along the axis. */
function cut(x: tf.Tensor, axis: number, start: number, count: number): tf.Tensor {
  const begin = x.shape.map((_, i) => (i === axis ? start : 0))
  return tf.slice(x, begin, x.shape.with(axis, count))
}

/** The counterpart of `cut`: `x` from the place `start` on, among `length` places that are 0 otherwise. */
function amongZeros(x: tf.Tensor, axis: number, start: number, length: number): tf.Tensor {
  const [before, count, behind] = blocks(x.shape, axis)
  const margins: [number, number][] = [
    [0, 0],
    [start, length - start - count],
    [0, 0],
  ]
  return tf.reshape(tf.pad(tf.reshape(x, [before, count, behind]), margins), x.shape.with(axis, length))
}

/** The counterpart of taking the places `taken`, each any number of times, of `length` along the axis. */
function putBack(x: tf.Tensor, axis: number, taken: readonly number[], length: number): tf.Tensor {
  const taps = taken.map((index) => [{ index, weight: 1 }])
  const flat = tf.reshape(x, blocks(x.shape, axis))
  return tf.reshape(weightedSums(flat, 1, transposedTaps(taps, length)), x.shape.with(axis, length))
}
