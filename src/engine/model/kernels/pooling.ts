/** @file Pooling, with margins, counted zeros and dilation, of which tfjs' own pools know some only. */
import * as tf from '@tensorflow/tfjs'
import { outputLength, paddingBefore, paddingOf } from '../../../core/model/kinds/windows.ts'
import type { Margins, OperationOf, Padding, Pair } from '../../../core/model/network.ts'
import { explicit, padOf, pairOf } from './pair.ts'

export function pooled(op: OperationOf<'pool'>, x: tf.Tensor4D): tf.Tensor {
  if (Math.max(...(op.dilation ?? [1, 1])) > 1) return pooledApart(op, x)
  const pool = op.reduce === 'max' ? tf.maxPool : tf.avgPool
  const widened = op.counted ? tf.pad(x, explicit(op.counted)) : x
  const rest = op.counted ? without(op.padding, op.counted) : op.padding
  return pool(widened, pairOf(op.kernel), pairOf(op.strides), padOf(rest))
}

/** With the places of a window apart, which tfjs' pools cannot do: place by place. */
function pooledApart(op: OperationOf<'pool'>, x: tf.Tensor4D): tf.Tensor {
  const [kernel, apart] = [op.kernel, op.dilation!]
  const { rows, columns } = typeof op.padding === 'string' ? marginsAround(op, x) : op.padding
  const [height, width] = ([0, 1] as const).map((axis) => outputLength(op, axis, x.shape[axis + 1]!))
  const places = (padded: tf.Tensor4D): tf.Tensor[] =>
    Array.from({ length: kernel[0] * kernel[1] }, (_, i) => {
      const [row, column] = [Math.floor(i / kernel[1]) * apart[0], (i % kernel[1]) * apart[1]]
      const end = [row + (height! - 1) * op.strides[0] + 1, column + (width! - 1) * op.strides[1] + 1]
      const [batch, , , channels] = padded.shape
      return tf.stridedSlice(
        padded,
        [0, row, column, 0],
        [batch, end[0]!, end[1]!, channels],
        [1, ...op.strides, 1],
      )
    })
  const margins = explicit({ rows, columns })
  if (op.reduce === 'max')
    return places(tf.pad(x, margins, Number.NEGATIVE_INFINITY)).reduce((a, b) => tf.maximum(a, b))
  const ones = tf.ones<tf.Rank.R4>([1, x.shape[1], x.shape[2], 1])
  const counted = op.counted ? tf.pad(ones, explicit(op.counted), 1) : ones
  const rest = op.counted ? less({ rows, columns }, op.counted) : { rows, columns }
  return tf.div(tf.addN(places(tf.pad(x, margins))), tf.addN(places(tf.pad(counted, explicit(rest)))))
}

function marginsAround(op: OperationOf<'pool'>, x: tf.Tensor4D): Margins {
  const along = (axis: 0 | 1): Pair => {
    const length = x.shape[axis + 1]!
    const before = paddingBefore(op, axis, length)
    return [before, paddingOf(op, axis, length) - before]
  }
  return { rows: along(0), columns: along(1) }
}

/** The margins that are left when `inner` are part of the map. */
function without(padding: Padding, inner: Margins): Padding {
  return typeof padding === 'string' ? padding : less(padding, inner)
}

function less(outer: Margins, inner: Margins): Margins {
  const along = ([a, b]: Pair, [c, d]: Pair): Pair => [a - c, b - d]
  return { rows: along(outer.rows, inner.rows), columns: along(outer.columns, inner.columns) }
}
