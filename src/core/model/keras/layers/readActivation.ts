/** @file Activation functions as configurations name them: https://keras.io/api/layers/activations/ */
import { type Activation, type PlainActivation, plainActivations } from '../../network.ts'
import { LayerConfig } from './layerConfig.ts'

/** Other names of the same function, in Keras or in TensorFlow. */
const synonyms: Readonly<Record<string, PlainActivation>> = {
  swish: 'silu',
  hard_swish: 'hard_silu',
  softmax_v2: 'softmax',
  log_softmax_v2: 'log_softmax',
}

/** Names that only this program gives, and that no file can mean. */
const internal = new Set<unknown>(['hard_sigmoid_2', 'gelu_tanh'])

/** Layers that are an activation function, and the classes by which Keras 3 writes operations that are one. */
export const activationClasses: Readonly<Record<string, (config: LayerConfig) => Activation>> = {
  Activation: (config) => readActivation(config, 'activation'),
  ReLU: readRelu,
  // Keras 2 calls the slope alpha; both default to 0.3.
  LeakyReLU: (config) => leaky(config.optionalNumber('negative_slope') ?? config.number('alpha', 0.3)),
  LeakyRelu: (config) => leaky(config.number('negative_slope', 0.2)),
  ELU: readElu,
  Elu: readElu,
  ThresholdedReLU: (config) => ({
    fn: 'general_relu',
    max: null,
    slope: 0,
    threshold: config.number('theta', 1),
  }),
  Softmax: (config) => alongChannels(config, 'softmax'),
  LogSoftmax: (config) => alongChannels(config, 'log_softmax'),
  Gelu: (config) => ({ fn: config.boolean('approximate', true) ? 'gelu_tanh' : 'gelu' }),
  Celu: (config) => withOnly(config, 'celu', 'alpha', 1),
  Squareplus: (config) => withOnly(config, 'squareplus', 'b', 4),
  SoftShrink: (config) => withOnly(config, 'soft_shrink', 'threshold', 0.5),
  HardShrink: (config) => withOnly(config, 'hard_shrink', 'threshold', 0.5),
  Clip: readClip,
  ...Object.fromEntries(
    (
      [
        ['Relu', 'relu'],
        ['Relu6', 'relu6'],
        ['Selu', 'selu'],
        ['Sigmoid', 'sigmoid'],
        ['HardSigmoid', 'hard_sigmoid'],
        ['HardSilu', 'hard_silu'],
        ['HardSwish', 'hard_silu'],
        ['HardTanh', 'hard_tanh'],
        ['Tanh', 'tanh'],
        ['TanhShrink', 'tanh_shrink'],
        ['Silu', 'silu'],
        ['Swish', 'silu'],
        ['Softplus', 'softplus'],
        ['Softsign', 'softsign'],
        ['SoftSign', 'softsign'],
        ['SparsePlus', 'sparse_plus'],
        ['LogSigmoid', 'log_sigmoid'],
        ['Exp', 'exponential'],
        ['Mish', 'mish'],
        ['Abs', 'abs'],
        ['Absolute', 'abs'],
      ] as const
    ).map(([className, fn]) => [className, (): Activation => ({ fn })]),
  ),
}

/** The activation under a key: a name, or an object as Keras 3 writes functions and layers. */
export function readActivation(config: LayerConfig, key: string): Activation {
  const value = config.take(key) ?? 'linear'
  if (typeof value !== 'object') return named(config, key, value)
  const { class_name, config: inner } = value as { class_name?: unknown; config?: unknown }
  if (class_name === 'function') return named(config, key, inner)
  const isKnown = typeof class_name === 'string' && Object.hasOwn(activationClasses, class_name)
  const read = isKnown ? activationClasses[class_name] : undefined
  if (!read || typeof inner !== 'object' || inner === null) return config.refuse(key, class_name ?? value)
  const nested = new LayerConfig(
    String(class_name),
    { ...inner, name: `${config.name}'s activation` },
    config.context,
  )
  const activation = read(nested)
  nested.finish()
  return activation
}

function named(config: LayerConfig, key: string, value: unknown): Activation {
  const fn = typeof value === 'string' && Object.hasOwn(synonyms, value) ? synonyms[value] : value
  if (fn === 'hard_sigmoid' && config.context.kerasMajor < 3) return { fn: 'hard_sigmoid_2' }
  if (fn === 'leaky_relu') return leaky(0.2)
  if (internal.has(fn) || !plainActivations.includes(fn as PlainActivation)) return config.refuse(key, value)
  if (fn === 'softmax' || fn === 'log_softmax') config.needsChannelsLast()
  return { fn: fn as PlainActivation }
}

function leaky(slope: number): Activation {
  return { fn: 'leaky_relu', slope }
}

function readRelu(config: LayerConfig): Activation {
  const max = config.optionalNumber('max_value')
  const slope = config.number('negative_slope', 0)
  const threshold = config.number('threshold', 0)
  if (slope === 0 && threshold === 0 && max === null) return { fn: 'relu' }
  if (slope === 0 && threshold === 0 && max === 6) return { fn: 'relu6' }
  return { fn: 'general_relu', max, slope, threshold }
}

function readElu(config: LayerConfig): Activation {
  const alpha = config.number('alpha', 1)
  return alpha === 1 ? { fn: 'elu' } : { fn: 'elu_alpha', alpha }
}

function readClip(config: LayerConfig): Activation {
  config.only('x_min', 0)
  return { fn: 'general_relu', max: config.number('x_max'), slope: 0, threshold: 0 }
}

function alongChannels(config: LayerConfig, fn: PlainActivation): Activation {
  config.channelAxis('axis')
  return { fn }
}

function withOnly(config: LayerConfig, fn: PlainActivation, key: string, value: number): Activation {
  config.only(key, value)
  return { fn }
}
