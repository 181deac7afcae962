/** @file The way back through layers that move numbers as they are: each goes back to where it came from. */
import * as tf from '@tensorflow/tfjs'
import { elementCount, type OperationOf } from '../../../../core/model/network.ts'
import { wasmKernels } from '../../../backend/tfjsBackend.ts'
import { cropped } from '../margins.ts'
import { type Backwards, nothing } from './backward.ts'

export const shapes = {
  input: { reads: () => nothing, back: (gradient) => gradient },
  identity: { reads: () => nothing, back: (gradient) => gradient },
  flatten: {
    reads: () => nothing,
    back(gradient, { op, shapes: [shape] }) {
      if (!op.channelsFirst) return tf.reshape(gradient, [...shape!])
      const [batch, height, width, channels] = shape as [number, number, number, number]
      return tf.transpose(tf.reshape(gradient, [batch, channels, height, width]), [0, 2, 3, 1])
    },
  },
  reshape: {
    reads: () => nothing,
    back: (gradient, { shapes: [shape] }) => tf.reshape(gradient, [...shape!]),
  },
  concat: {
    reads: () => nothing,
    back(gradient, { op, shapes: parts }, input) {
      const axis = op.axis === -1 ? gradient.rank - 1 : op.axis
      const start = parts.slice(0, input).reduce((sum, part) => sum + part[axis]!, 0)
      const part = parts[input]!
      const inner = elementCount(part.slice(axis + 1))
      const ours = wasmKernels()?.runsByOurs(
        gradient,
        {
          start: start * inner,
          length: part[axis]! * inner,
          outer: { count: elementCount(part.slice(0, axis)), step: gradient.shape[axis]! * inner },
          inner: { count: 1, step: 0 },
        },
        part,
      )
      const begin = gradient.shape.map((_, i) => (i === axis ? start : 0))
      return ours ?? tf.slice(gradient, begin, [...part])
    },
  },
  crop: {
    reads: () => nothing,
    back: (gradient, { op }) => tf.pad(gradient, [[0, 0], [...op.rows], [...op.columns], [0, 0]]),
  },
  pad: {
    reads: () => nothing,
    back(gradient, { op, shapes: [shape] }) {
      const [, height, width] = shape as [number, number, number, number]
      return [height, width].reduce(
        (sum, length, i) => backAlong(op, sum, (i + 1) as 1 | 2, length),
        gradient,
      )
    },
  },
} satisfies Backwards

/** Adds what margins were filled with to the place that it came from. */
function backAlong(op: OperationOf<'pad'>, gradient: tf.Tensor, axis: 1 | 2, length: number): tf.Tensor {
  const [before, after] = axis === 1 ? op.rows : op.columns
  const [, rows, columns] = gradient.shape as [number, number, number, number]
  const part = (start: number, count: number): tf.Tensor =>
    axis === 1
      ? cropped(gradient as tf.Tensor4D, start, 0, count, columns)
      : cropped(gradient as tf.Tensor4D, 0, start, rows, count)
  if (before + after === 0) return gradient
  const inner = part(before, length)
  if (op.mode === 'constant') return inner
  const runs = runsOf(op.mode, before, after, length)
  return runs.reduce((sum, { start, count, to, isReversed }) => {
    const moved = isReversed ? tf.reverse(part(start, count), axis) : part(start, count)
    const margins = gradient.shape.map((_, i): [number, number] =>
      i === axis ? [to, length - to - count] : [0, 0],
    )
    return tf.add(sum, tf.pad(moved, margins))
  }, inner)
}

interface Run {
  /** Where the run begins among what comes out, and how long it is. */
  readonly start: number
  readonly count: number
  /** Where it comes from. */
  readonly to: number
  readonly isReversed: boolean
}

/** The margins as runs of places that lie side by side in the map too, in this order or in the reverse one. */
function runsOf(
  mode: Exclude<OperationOf<'pad'>['mode'], 'constant'>,
  before: number,
  after: number,
  length: number,
): Run[] {
  const single = (start: number, to: number): Run => ({ start, count: 1, to, isReversed: false })
  const end = before + length
  switch (mode) {
    case 'edge':
      return [
        ...Array.from({ length: before }, (_, i) => single(i, 0)),
        ...Array.from({ length: after }, (_, i) => single(end + i, length - 1)),
      ]
    case 'wrap':
      return [
        ...Array.from({ length: before }, (_, i) => single(i, (i - before + before * length) % length)),
        ...Array.from({ length: after }, (_, i) => single(end + i, i % length)),
      ]
    default: {
      // Around the first and last place, or around the edge.
      const apart = mode === 'reflect' ? 1 : 0
      return [
        { start: 0, count: before, to: apart, isReversed: true },
        { start: end, count: after, to: length - apart - after, isReversed: true },
      ].filter(({ count }) => count > 0)
    }
  }
}
