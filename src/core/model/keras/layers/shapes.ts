/** @file Layers and operations that keep all numbers and give them another shape: https://keras.io/api/layers/reshaping_layers/ */
import { unmovedShape } from '../../dataflow/transposes.ts'
import type { Shape } from '../../network.ts'
import { isMap } from '../../units.ts'
import type { LayerConfig } from './layerConfig.ts'
import type { LayerReader, LayerReaders } from './layerReader.ts'

const flatten: LayerReader = (config) => {
  const { channelsFirst = false } = config.context
  const format = config.choice('data_format', ['channels_last', 'channels_first'], 'channels_last')
  // With channels_first Keras moves the channels back before it flattens.
  if (!channelsFirst && format === 'channels_first') config.refuse('data_format', format)
  return { kind: 'flatten', channelsFirst: config.isChannelsFirstMap && format === 'channels_last' }
}

const reshaped =
  (targetOf: (config: LayerConfig, input: Shape) => Shape): LayerReader =>
  (config) => {
    const input = config.context.inputs?.[0] ?? []
    return { kind: 'reshape', target: inOurOrder(config, targetOf(config, input), input) }
  }

/**
 * In a `channels_first` network, what is reshaped lies in the order channel, row, column; only if at most one axis is
 * longer than 1 on both sides is the order the same.
 */
function inOurOrder(config: LayerConfig, target: Shape, input: Shape): Shape {
  if (!config.context.channelsFirst) return target
  const long = (shape: Shape): number => shape.filter((n) => n !== 1).length
  if ((isMap(input) && long(input) > 1) || (isMap(target) && long(target) > 1))
    config.refuse('target_shape', target)
  return isMap(target) ? [target[1], target[2], target[0]] : target
}

/** A layer, or Keras 3's operation, which counts the batch. */
function givenShape(config: LayerConfig): Shape {
  const operation = config.take('newshape')
  if (operation === undefined) return config.numbers('target_shape')
  if (!Array.isArray(operation)) return config.refuse('newshape', operation)
  const [batch, ...rest] = operation as number[]
  return batch === -1 || batch === null ? rest : config.refuse('newshape', operation)
}

function squeezed(config: LayerConfig, input: Shape): Shape {
  const inFile = config.numbers('axis')
  const axes = inFile.map((axis) => (axis < 0 ? axis + input.length : axis - 1))
  if (config.isChannelsFirstMap || axes.some((axis) => input[axis] !== 1)) config.refuse('axis', inFile)
  return input.filter((_, axis) => !axes.includes(axis))
}

function expanded(config: LayerConfig, input: Shape): Shape {
  const axis = config.whole('axis', undefined, -input.length - 1)
  const index = axis < 0 ? axis + input.length + 1 : axis - 1
  return index < 0 ? config.refuse('axis', axis) : input.toSpliced(index, 0, 1)
}

function permuted(config: LayerConfig, input: Shape): Shape {
  const dims = config.numbers('dims')
  return unmovedShape(input, [0, ...dims]) ?? config.refuse('dims', dims)
}

function repeated(config: LayerConfig, input: Shape): Shape {
  const n = config.number('n')
  return n === 1 ? [1, ...input] : config.refuse('n', n)
}

export const shapes: LayerReaders = {
  Flatten: flatten,
  Reshape: reshaped(givenShape),
  Squeeze: reshaped(squeezed),
  ExpandDims: reshaped(expanded),
  Permute: reshaped(permuted),
  RepeatVector: reshaped(repeated),
}
