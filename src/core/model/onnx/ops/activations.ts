/** @file Activation functions that are nodes of their own. */
import type { Activation } from '../../network.ts'
import { besideTensor } from '../broadcasting.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf } from '../views.ts'
import { axesInMemory, isWholeInMemory } from './normalizations.ts'
import { counted } from './reshaping.ts'

const activation =
  (of: (reading: NodeReading) => Activation): OperatorReader =>
  (reading) =>
    reading.inPlace({ kind: 'activation', activation: of(reading) }, reading.tensor(0))

type PlainName = Exclude<Activation['fn'], 'leaky_relu' | 'general_relu' | 'elu_alpha'>

const plain = (fn: PlainName): OperatorReader => activation(() => ({ fn }))

/** `min(max(alpha · x + beta, 0), 1)`; PyTorch writes a sixth, the operator's own default is a fifth. */
const hardSigmoid: OperatorReader = (reading) => {
  const alpha = reading.attributes.number('alpha', 0.2)
  const beta = reading.attributes.number('beta', 0.5)
  const is = (n: number): boolean => Math.fround(n) === Math.fround(alpha) && beta === 0.5
  // Some exporters write a sixth with less digits.
  if (is(1 / 6) || is(0.166667) || is(0.2))
    return reading.inPlace(
      { kind: 'activation', activation: { fn: is(0.2) ? 'hard_sigmoid_2' : 'hard_sigmoid' } },
      reading.tensor(0),
    )
  const scaled = reading.inPlace({ kind: 'rescale', scale: [alpha], offset: [beta] }, reading.tensor(0), [], {
    part: 'slope',
  })
  return reading.inPlace({ kind: 'activation', activation: clipped(0, 1)! }, scaled)
}

/** As an activation of the network; null if there is none. */
function clipped(low: number, high: number): Activation | null {
  if (low !== 0) return low === -1 && high === 1 ? { fn: 'hard_tanh' } : null
  if (high === 6) return { fn: 'relu6' }
  if (high >= 3.4e38) return { fn: 'relu' }
  return { fn: 'general_relu', max: high, slope: 0, threshold: 0 }
}

/** Limits are attributes up to version 10, then inputs, either of which may be missing. */
const clip: OperatorReader = (reading) => {
  const limit = (index: number, key: string, none: number): number => {
    if (reading.version < 11) return reading.attributes.number(key, none)
    return reading.inputs[index] ? (reading.constant(index).numbers()[0] ?? none) : none
  }
  const [low, high] = [limit(1, 'min', Number.NEGATIVE_INFINITY), limit(2, 'max', Number.POSITIVE_INFINITY)]
  const input = reading.tensor(0)
  const whole = clipped(low, high)
  if (whole) return reading.inPlace({ kind: 'activation', activation: whole }, input)
  const beside = (
    fn: 'maximum' | 'minimum',
    from: OnnxTensor,
    constant: number,
    part: string | null,
  ): OnnxTensor =>
    reading.inPlace({ kind: 'withConstant', fn, constant, constantFirst: false }, from, [], { part })
  if (high >= 3.4e38) return low <= -3.4e38 ? input : beside('maximum', input, low, null)
  const raised = low <= -3.4e38 ? input : beside('maximum', input, low, 'lower limit')
  return beside('minimum', raised, high, null)
}

const prelu: OperatorReader = (reading) => {
  const input = reading.tensor(0)
  const slopes = besideTensor(reading.constant(1), input)
  if (slopes.shape.every((n) => n === 1))
    return reading.inPlace(
      { kind: 'activation', activation: { fn: 'leaky_relu', slope: slopes.numbers()[0]! } },
      input,
    )
  const sharedAxes = [...slopes.shape.keys()]
    .filter((axis) => slopes.shape[axis] === 1 && input.shape[axis] !== 1)
    .map((axis) => axis + 1)
  return reading.inPlace({ kind: 'prelu', sharedAxes }, input, [slopes])
}

/** `alpha · elu(x / alpha)` */
const celu: OperatorReader = (reading) => {
  const alpha = reading.attributes.number('alpha', 1)
  const input = reading.tensor(0)
  if (alpha === 1) return reading.inPlace({ kind: 'activation', activation: { fn: 'celu' } }, input)
  const scaled = reading.inPlace({ kind: 'rescale', scale: [1 / alpha], offset: [0] }, input, [], {
    part: 'scaled',
  })
  const bent = reading.inPlace({ kind: 'activation', activation: { fn: 'elu' } }, scaled, [], { part: 'elu' })
  return reading.inPlace({ kind: 'rescale', scale: [alpha], offset: [0] }, bent)
}

/** The constants of the paper are those of the network's own function. */
const selu: OperatorReader = (reading) => {
  const [alpha, gamma] = [
    reading.attributes.number('alpha', 1.6732632),
    reading.attributes.number('gamma', 1.050701),
  ]
  if (Math.abs(alpha - 1.6732632) > 1e-5 || Math.abs(gamma - 1.050701) > 1e-5)
    reading.attributes.refuse('alpha', alpha)
  return reading.inPlace({ kind: 'activation', activation: { fn: 'selu' } }, reading.tensor(0))
}

/** Below version 13 it works along its axis and all behind it. */
const softmax =
  (fn: 'softmax' | 'log_softmax'): OperatorReader =>
  (reading) => {
    const tensor = reading.tensor(0)
    const rank = dimsOf(tensor.view).length
    const [first] = counted([reading.attributes.number('axis', reading.version < 13 ? 1 : -1)], rank)
    const last = reading.version < 13 ? rank - 1 : first!
    const along = Array.from({ length: last - first! + 1 }, (_, i) => first! + i)
    const input = isWholeInMemory(tensor, along) ? tensor : reading.apart(tensor, along)
    const axes = axesInMemory(input, along)
    if (axes.join() === String(input.shape.length - 1))
      return reading.inPlace({ kind: 'activation', activation: { fn } }, input)
    return reading.inPlace({ kind: 'softmax', axes, log: fn === 'log_softmax' }, input)
  }

export const activations: Readonly<Record<string, OperatorReader>> = {
  Relu: plain('relu'),
  LeakyRelu: activation(({ attributes }) => ({ fn: 'leaky_relu', slope: attributes.number('alpha', 0.01) })),
  PRelu: prelu,
  Elu: activation(({ attributes }) => ({ fn: 'elu_alpha', alpha: attributes.number('alpha', 1) })),
  Celu: celu,
  Selu: selu,
  Sigmoid: plain('sigmoid'),
  HardSigmoid: hardSigmoid,
  HardSwish: plain('hard_silu'),
  Tanh: plain('tanh'),
  Softplus: plain('softplus'),
  Softsign: plain('softsign'),
  Mish: plain('mish'),
  Gelu: activation(({ attributes }) => ({
    fn: attributes.text('approximate', 'none') === 'tanh' ? 'gelu_tanh' : 'gelu',
  })),
  ThresholdedRelu: activation(({ attributes }) => ({
    fn: 'general_relu',
    max: null,
    slope: 0,
    threshold: attributes.number('alpha', 1),
  })),
  Exp: plain('exponential'),
  Abs: plain('abs'),
  Clip: clip,
  Softmax: softmax('softmax'),
  LogSoftmax: softmax('log_softmax'),
}
