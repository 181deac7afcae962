/**
 * @file Classes that are an operation rather than a layer, and may become one of several kinds. Keras 3 writes `keras.ops`
 * by their class names; `Add` may be the layer or the operation, which compute the same. Keras 2 writes functions of
 * TensorFlow as `TFOpLambda`, with keywords in the call.
 */
import type { Activation, Arithmetic, Operation } from '../../network.ts'
import type { LayerConfig } from './layerConfig.ts'
import type { LayerReader, LayerReaders } from './layerReader.ts'
import { combination } from './operands.ts'

const arithmetic: Readonly<Record<string, Arithmetic>> = {
  Add: 'add',
  Subtract: 'subtract',
  Multiply: 'multiply',
  Divide: 'divide',
  TrueDivide: 'divide',
  Maximum: 'maximum',
  Minimum: 'minimum',
}

/** https://www.tensorflow.org/api_docs/python/tf, as `TFOpLambda` names them. */
const functions: LayerReaders = {
  ...each((fn: Arithmetic) => (config) => combination(config, fn), {
    add: ['math.add', 'math.add_v2', '__operators__.add'],
    subtract: ['math.subtract', '__operators__.sub'],
    multiply: ['math.multiply', '__operators__.mul'],
    divide: ['math.divide', 'math.truediv', '__operators__.truediv'],
    maximum: ['math.maximum'],
    minimum: ['math.minimum'],
  }),
  ...each((fn: Extract<Activation, { fn: string }>['fn']) => () => activationOf({ fn } as Activation), {
    relu: ['nn.relu'],
    relu6: ['nn.relu6'],
    elu: ['nn.elu'],
    selu: ['nn.selu'],
    sigmoid: ['nn.sigmoid', 'math.sigmoid'],
    tanh: ['nn.tanh', 'math.tanh'],
    softplus: ['nn.softplus', 'math.softplus'],
    softsign: ['nn.softsign', 'math.softsign'],
    exponential: ['math.exp'],
    abs: ['math.abs'],
  }),
  'nn.leaky_relu': (config) => activationOf({ fn: 'leaky_relu', slope: config.number('call:alpha', 0.2) }),
  'nn.gelu': (config) =>
    activationOf({ fn: config.boolean('call:approximate', false) ? 'gelu_tanh' : 'gelu' }),
  'nn.silu': silu,
  'nn.swish': silu,
  'nn.hard_swish': () => activationOf({ fn: 'hard_silu' }),
  'nn.softmax': (config) => {
    config.channelAxis('call:axis')
    return activationOf({ fn: 'softmax' })
  },
  'math.reduce_mean': (config) => globalPool(config, 'average'),
  'math.reduce_max': (config) => globalPool(config, 'max'),
  'nn.depth_to_space': depthToSpace,
  concat: (config) => ({ kind: 'concat', axis: config.channelAxis('call:axis') }),
  identity: () => ({ kind: 'identity' }),
  stop_gradient: () => ({ kind: 'identity' }),
  cast: (config) => {
    config.only('call:dtype', 'float32')
    return { kind: 'identity' }
  },
}

function each<T extends string>(
  read: (name: T) => LayerReader,
  names: Readonly<Partial<Record<T, readonly string[]>>>,
): LayerReaders {
  return Object.fromEntries(
    (Object.entries(names) as [T, readonly string[]][]).flatMap(([name, all]) =>
      all.map((one) => [one, read(name)]),
    ),
  )
}

function activationOf(activation: Activation): Operation {
  return { kind: 'activation', activation }
}

function silu(config: LayerConfig): Operation {
  config.only('call:beta', 1)
  return activationOf({ fn: 'silu' })
}

/** The block is the second argument, named or not. */
function depthToSpace(config: LayerConfig): Operation {
  config.only('call:data_format', 'NHWC')
  config.needsChannelsLast()
  const [, second] = config.context.operands ?? []
  if (Array.isArray(second)) config.refuse('the argument block_size', second)
  return {
    kind: 'depthToSpace',
    block: config.whole('call:block_size', typeof second === 'number' ? second : undefined),
  }
}

function globalPool(config: LayerConfig, reduce: 'average' | 'max'): Operation {
  const axes = config.axes('call:axis', [])
  if (String(axes) !== '1,2') config.refuse('axis', axes)
  const keepDims = config.boolean('call:keepdims', false) || config.boolean('call:keep_dims', false)
  return { kind: 'globalPool', reduce, keepDims }
}

function readFunction(config: LayerConfig): Operation {
  const name = config.take('function')
  const ours = typeof name === 'string' ? name.replace(/^compat\.v1\./, '') : ''
  const read = Object.hasOwn(functions, ours) ? functions[ours] : undefined
  return read ? read(config) : config.refuse('function', name)
}

export const operationNodes: LayerReaders = {
  TFOpLambda: readFunction,
  Negative: () => ({ kind: 'withConstant', fn: 'multiply', constant: -1, constantFirst: false }),
  ...Object.fromEntries(
    Object.entries(arithmetic).map(([className, fn]): [string, LayerReader] => [
      className,
      (config) => combination(config, fn),
    ]),
  ),
}
