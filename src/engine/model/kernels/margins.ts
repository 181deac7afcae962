/** @file Maps with margins around them, or without some of their edge, and with zeros between their pixels. The caller tidies. */
import * as tf from '@tensorflow/tfjs'
import type { Margins, Pair } from '../../../core/model/network.ts'
import { wasmKernels } from '../../backend/tfjsBackend.ts'
import { pairOf } from './pair.ts'

/** With margins that are full of `value`. Where a margin is negative, so much is cut off. */
export function framed(x: tf.Tensor4D, { rows, columns }: Margins, value = 0): tf.Tensor4D {
  const cut = ([before, after]: Pair): Pair => [Math.max(0, -before), Math.max(0, -after)]
  const widened = ([before, after]: Pair): Pair => [Math.max(0, before), Math.max(0, after)]
  const [batch, height, width, channels] = x.shape
  const [top, bottom] = cut(rows)
  const [left, right] = cut(columns)
  const [innerHeight, innerWidth] = [height - top - bottom, width - left - right]
  // Nothing is left of it.
  if (innerHeight <= 0 || innerWidth <= 0)
    return tf.mul(
      tf.ones<tf.Rank.R4>([batch, height + rows[0] + rows[1], width + columns[0] + columns[1], channels]),
      value,
    )
  const inner = top + bottom + left + right > 0 ? cropped(x, top, left, innerHeight, innerWidth) : x
  const [tall, wide] = [widened(rows), widened(columns)]
  return [...tall, ...wide].every((margin) => margin === 0)
    ? inner
    : tf.pad(inner, [[0, 0], pairOf(tall), pairOf(wide), [0, 0]], value)
}

/** A part of the map. */
export function cropped(
  x: tf.Tensor4D,
  top: number,
  left: number,
  rows: number,
  columns: number,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape
  const shape: [number, number, number, number] = [batch, rows, columns, channels]
  const ours = wasmKernels()?.runsByOurs(
    x,
    {
      start: (top * width + left) * channels,
      length: columns * channels,
      outer: { count: batch, step: height * width * channels },
      inner: { count: rows, step: width * channels },
    },
    shape,
  )
  return (ours ?? tf.slice(x, [0, top, left, 0], shape)) as tf.Tensor4D
}

/** With `strides − 1` rows and columns of zeros between those of the map. */
export function zerosBetween(x: tf.Tensor4D, [rows, columns]: Pair): tf.Tensor4D {
  if (rows === 1 && columns === 1) return x
  const [batch, height, width, channels] = x.shape
  const tall = apartInTheMiddle(tf.reshape(x, [batch, height, width * channels]), rows)
  const wide = apartInTheMiddle(tf.reshape(tall, [batch * tall.shape[1], width, channels]), columns)
  return tf.reshape(wide, [batch, tall.shape[1], wide.shape[1], channels])
}

/** With zeros between the elements of the middle axis. */
function apartInTheMiddle(x: tf.Tensor3D, step: number): tf.Tensor3D {
  if (step === 1) return x
  const [outer, length, inner] = x.shape
  const apart: tf.Tensor3D = tf.reshape(x, [outer * length, 1, inner])
  const filled = tf.concat([apart, tf.zeros<tf.Rank.R3>([outer * length, step - 1, inner])], 1)
  return tf.slice(
    tf.reshape<tf.Rank.R3>(filled, [outer, length * step, inner]),
    [0, 0, 0],
    [outer, (length - 1) * step + 1, inner],
  )
}
