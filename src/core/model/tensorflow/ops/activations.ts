/** @file Activation functions that are nodes of their own. */
import type { Activation } from '../../network.ts'
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import type { GraphConstant, TensorValue, Value } from '../../dataflow/values.ts'
import { besideImages } from './elementwise.ts'

const activation =
  (of: (reading: NodeReading) => Activation): OperationReader =>
  (reading) => {
    const input = reading.tensor(0)
    return reading.layer({ kind: 'activation', activation: of(reading) }, [input], [], { shape: input.shape })
  }

/** Refuses one number an image, as its only axis is the batch. */
const alongChannels =
  (fn: 'softmax' | 'log_softmax'): OperationReader =>
  (reading) => {
    if (reading.tensor(0).shape.length === 0) throw new Error('it works along the batch')
    return activation(() => ({ fn }))(reading)
  }

/** `slopes` are one for each channel, or one for each number of the map. */
export function preluOf(reading: NodeReading, input: TensorValue, slopes: GraphConstant): Value {
  const own = besideImages(slopes, input.shape)
  if (own.every((n) => n === 1)) {
    const [slope] = slopes.floats() ?? []
    if (slope === undefined) throw new Error('its slope cannot be read')
    return reading.layer({ kind: 'activation', activation: { fn: 'leaky_relu', slope } }, [input])
  }
  const lengths = [...Array<number>(input.shape.length - own.length).fill(1), ...own]
  const sharedAxes = [...lengths.keys()]
    .filter((axis) => lengths[axis] === 1 && input.shape[axis] !== 1)
    .map((axis) => axis + 1)
  return reading.layer({ kind: 'prelu', sharedAxes }, [input], [slopes])
}

const plain = (fn: Exclude<Activation['fn'], 'leaky_relu' | 'general_relu' | 'elu_alpha'>): OperationReader =>
  activation(() => ({ fn }))

export const activations: Readonly<Record<string, OperationReader>> = {
  Prelu: (reading) => preluOf(reading, reading.tensor(0), reading.constant(1)),
  LeakyRelu: activation(({ attributes }) => ({ fn: 'leaky_relu', slope: attributes.float('alpha', 0.2) })),
  Relu: plain('relu'),
  Relu6: plain('relu6'),
  Elu: plain('elu'),
  Selu: plain('selu'),
  Sigmoid: plain('sigmoid'),
  Tanh: plain('tanh'),
  Softplus: plain('softplus'),
  Softsign: plain('softsign'),
  Exp: plain('exponential'),
  Abs: plain('abs'),
  Softmax: alongChannels('softmax'),
  LogSoftmax: alongChannels('log_softmax'),
}
