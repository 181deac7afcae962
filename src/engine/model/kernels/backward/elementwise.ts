/**
 * @file The way back through functions of a single number. Steps have the derivative 0, as in TensorFlow and PyTorch, but numbers
 * that are quantized pass as if they had not been, if they are within the range: so both derive what they call fake quantization.
 */
import * as tf from '@tensorflow/tfjs'
import type { PointwiseFunction } from '../../../../core/model/network.ts'
import { cosine, sine } from '../trigonometry.ts'
import { type Backwards, nothing, type Reads } from './backward.ts'

interface Derivative {
  readonly reads: Reads
  /** Gets what `reads` asks for. */
  readonly back: (gradient: tf.Tensor, known: tf.Tensor) => tf.Tensor
}

/** Functions whose derivative is found from their argument. */
const ofArgument = (back: Derivative['back']): Derivative => ({ reads: { inputs: true }, back })
const ofOutput = (back: Derivative['back']): Derivative => ({ reads: { output: true }, back })

/** Null: the derivative is 0 almost everywhere. */
const derivatives: Readonly<Record<PointwiseFunction, Derivative | null>> = {
  // Infinitely steep at 0, where it passes nothing on, as other roots.
  sqrt: ofOutput((gradient, y) => tf.divNoNan(gradient, tf.mul(2, y))),
  reciprocal: ofOutput((gradient, y) => tf.neg(tf.mul(gradient, tf.square(y)))),
  log: ofArgument(tf.div),
  erf: ofArgument((gradient, x) =>
    tf.mul(gradient, tf.mul(2 / Math.sqrt(Math.PI), tf.exp(tf.neg(tf.square(x))))),
  ),
  sin: ofArgument((gradient, x) => tf.mul(gradient, cosine(x))),
  cos: ofArgument((gradient, x) => tf.neg(tf.mul(gradient, sine(x)))),
  floor: null,
  ceil: null,
  round: null,
  sign: null,
  isNaN: null,
}

export const elementwise = {
  pointwise: {
    reads: ({ fn }) => derivatives[fn]?.reads ?? nothing,
    back(gradient, { op, inputs, output }) {
      const known = derivatives[op.fn]
      return known && known.back(gradient, known.reads.output ? output! : inputs[0]!)
    },
  },
  quantize: {
    reads: () => ({ inputs: true }),
    back(gradient, { op, inputs: [x] }) {
      const scale = tf.tensor1d([...op.scale])
      const steps = tf.add(tf.round(tf.div(x!, scale)), tf.tensor1d([...op.zeroPoint]))
      const isWithin = tf.logicalAnd(tf.greaterEqual(steps, op.low), tf.lessEqual(steps, op.high))
      return tf.mul(tf.div(gradient, scale), tf.cast(isWithin, 'float32'))
    },
  },
  dequantize: {
    reads: () => nothing,
    back: (gradient, { op }) => tf.mul(gradient, tf.tensor1d([...op.scale])),
  },
  /** A picture's pixels are whole numbers, so that nothing is cut off. */
  wholeNumbers: { reads: () => nothing, back: (gradient) => gradient },
} satisfies Backwards
