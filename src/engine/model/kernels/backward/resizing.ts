/**
 * @file The way back through maps made larger or smaller: each pixel that came in gets the sum of those that it was mixed into,
 * with the weights that it had there.
 */
import type * as tf from '@tensorflow/tfjs'
import { type Tap, tapsOf } from '../../../../core/model/kinds/interpolate.ts'
import { mixedPixels } from '../../../../core/model/kinds/resizing.ts'
import { weightedSums } from '../weightedSums.ts'
import { type Backwards, nothing } from './backward.ts'
import { transposedTaps } from './transposedTaps.ts'

/** The pixels that a unit is made of, along rows (0) or columns (1) of which `from` came in and `to` come out. */
type TapsAt = (axis: 0 | 1, from: number, to: number, unit: number) => readonly Tap[]

export const resizing = {
  upsample: {
    reads: () => nothing,
    back: (gradient, { op: { interpolation }, shapes: [shape] }) =>
      mixedBack(gradient, shape!, (_, from, to, unit) =>
        mixedPixels({ interpolation, centers: 'half-pixel' }, from, to, unit),
      ),
  },
  resize: {
    reads: () => nothing,
    back: (gradient, { op, shapes: [shape] }) =>
      mixedBack(gradient, shape!, (_, from, to, unit) => mixedPixels(op, from, to, unit)),
  },
  interpolate: {
    reads: () => nothing,
    back: (gradient, { op, shapes: [shape] }) =>
      mixedBack(gradient, shape!, (axis, from, _, unit) => tapsOf(op, axis, from, unit)),
  },
} satisfies Backwards

function mixedBack(gradient: tf.Tensor, shape: readonly number[], tapsAt: TapsAt): tf.Tensor {
  return ([1, 0] as const).reduce((left, axis) => {
    const [from, to] = [shape[axis + 1]!, left.shape[axis + 1]!]
    const taps = Array.from({ length: to }, (_, unit) => tapsAt(axis, from, to, unit))
    return weightedSums(left, axis + 1, transposedTaps(taps, from))
  }, gradient)
}
