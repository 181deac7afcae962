/** @file The way back through pooling. */
import * as tf from '@tensorflow/tfjs'
import type { OperationOf, Pair } from '../../../../core/model/network.ts'
import { marginsOf, paddingBefore, span } from '../../../../core/model/kinds/windows.ts'
import { wasmKernels } from '../../../backend/tfjsBackend.ts'
import { convolveBack } from '../convolutions.ts'
import { framed, zerosBetween } from '../margins.ts'
import { type Backwards, nothing } from './backward.ts'

type Pool = OperationOf<'pool'>
type Maps = readonly [number, number, number, number]

export const pooling = {
  pool: {
    reads: ({ reduce }) => (reduce === 'max' ? { inputs: true, output: true } : nothing),
    back(gradient, { op, inputs: [x], output, shapes: [shape] }) {
      const size = shape as Maps
      return op.reduce === 'max'
        ? maximaBack(op, gradient as tf.Tensor4D, x as tf.Tensor4D, output!)
        : meansBack(op, gradient as tf.Tensor4D, size)
    },
  },
  globalPool: {
    reads: ({ reduce }) => (reduce === 'max' ? { inputs: true, output: true } : nothing),
    back(gradient, { op, inputs: [x], output, shapes: [shape] }) {
      const [batch, height, width, channels] = shape as [number, number, number, number]
      const apart = tf.reshape(gradient, [batch, 1, 1, channels])
      if (op.reduce === 'average') return tf.broadcastTo(tf.div(apart, height * width), [...shape!])
      // Equal maxima share the gradient, as in TensorFlow's reduce_max, and unlike those of a window.
      const isMaximum = tf.cast(tf.equal(x!, tf.reshape(output!, apart.shape)), 'float32')
      return tf.mul(isMaximum, tf.div(apart, tf.sum(isMaximum, [1, 2], true)))
    },
  },
} satisfies Backwards

/** The first of equal maxima of a window, row by row, gets its gradient, as in TensorFlow. */
function maximaBack(op: Pool, gradient: tf.Tensor4D, x: tf.Tensor4D, output: tf.Tensor): tf.Tensor {
  const ours = wasmKernels()?.poolBackByOurs(gradient, shapeOf(op, gradient, x.shape), {
    map: x,
    maxima: output,
  })
  if (ours) return ours
  const [, height, width] = x.shape
  const [, rows, columns] = gradient.shape
  const dilation = op.dilation ?? [1, 1]
  const before = [paddingBefore(op, 0, height), paddingBefore(op, 1, width)] as const
  const needed = (axis: 0 | 1, windows: number): number => (windows - 1) * op.strides[axis] + span(op, axis)
  const [tall, wide] = [needed(0, rows), needed(1, columns)]
  const padded = framed(
    x,
    { rows: [before[0], tall - height - before[0]], columns: [before[1], wide - width - before[1]] },
    Number.NEGATIVE_INFINITY,
  )
  let free: tf.Tensor = tf.onesLike(gradient)
  const parts: tf.Tensor[] = []
  for (let i = 0; i < op.kernel[0] * op.kernel[1]; i++) {
    const [row, column] = [
      Math.floor(i / op.kernel[1]) * dilation[0],
      (i % op.kernel[1]) * dilation[1],
    ] as const
    const end = [row + (rows - 1) * op.strides[0] + 1, column + (columns - 1) * op.strides[1] + 1] as const
    const [batch, , , channels] = padded.shape
    const place = tf.stridedSlice(
      padded,
      [0, row, column, 0],
      [batch, ...end, channels],
      [1, ...op.strides, 1],
    )
    const isChosen = tf.mul(tf.cast(tf.equal(place, output), 'float32'), free)
    free = tf.sub(free, isChosen)
    const spread = zerosBetween(tf.mul(gradient, isChosen) as tf.Tensor4D, op.strides)
    const [top, left] = [row - before[0], column - before[1]]
    parts.push(
      framed(spread, {
        rows: [top, height - top - spread.shape[1]],
        columns: [left, width - left - spread.shape[2]],
      }),
    )
  }
  return tf.addN(parts)
}

/** A mean is a depthwise convolution with equal weights, divided by how many places of the window count. */
function meansBack(op: Pool, gradient: tf.Tensor4D, shape: Maps): tf.Tensor {
  const [, rows, columns] = gradient.shape
  const counts = [countsAlong(op, 0, shape[1], rows), countsAlong(op, 1, shape[2], columns)] as const
  const shares = tf.div(
    gradient,
    tf.mul(tf.tensor(counts[0], [rows, 1, 1]), tf.tensor(counts[1], [columns, 1])),
  )
  const ours = wasmKernels()?.poolBackByOurs(shares, shapeOf(op, gradient, shape), null)
  if (ours) return ours
  const ones = tf.ones<tf.Rank.R4>([...op.kernel, 1, shape[3]])
  const window = { ...op, dilation: op.dilation ?? ([1, 1] as const), groups: shape[3] }
  return convolveBack(window, shares as tf.Tensor4D, ones, shape)
}

function shapeOf(op: Pool, gradient: tf.Tensor4D, [, height, width, channels]: Maps) {
  const [, outHeight, outWidth] = gradient.shape
  const { kernel, strides, dilation = [1, 1] as const } = op
  const [top, left] = [paddingBefore(op, 0, height), paddingBefore(op, 1, width)]
  // What hangs over the other edges follows from the number of windows.
  const margins = { top, left, bottom: 0, right: 0 }
  return { height, width, outHeight, outWidth, inChannels: channels, kernel, strides, dilation, margins }
}

/** How many places of each window count, along one axis: those in the map, and in margins that are counted. */
function countsAlong(op: Pool, axis: 0 | 1, length: number, windows: number): number[] {
  const apart = op.dilation?.[axis] ?? 1
  const before = paddingBefore(op, axis, length)
  const counted: Pair = op.counted ? marginsOf({ ...op, padding: op.counted }, axis) : [0, 0]
  return Array.from({ length: windows }, (_, window) => {
    const places = Array.from({ length: op.kernel[axis] }, (_place, i) => {
      const at = window * op.strides[axis] - before + i * apart
      return at >= -counted[0] && at < length + counted[1]
    })
    return places.filter(Boolean).length
  })
}
