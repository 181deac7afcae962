/** @file Layers that keep the numbers and change the shape: Flatten and Reshape. */
import { elementCount, type Shape } from '../network.ts'
import { isMap, mapSize, unitsOf } from '../units.ts'
import { formatShape, type LayerKind } from './kind.ts'
import type { LayerConfig } from '../keras/layers/layerConfig.ts'

export const flatten: LayerKind<'flatten'> = {
  kind: 'flatten',
  classNames: ['Flatten'],
  parse(config) {
    const { channelsFirst = false } = config.context
    const format = config.choice('data_format', ['channels_last', 'channels_first'], 'channels_last')
    // With channels_first Keras moves the channels back before it flattens.
    if (!channelsFirst && format === 'channels_first') config.refuse('data_format', format)
    return { kind: 'flatten', channelsFirst: config.isChannelsFirstMap && format === 'channels_last' }
  },
  shape: (_, inputs) => [elementCount(inputs[0]!)],
  weights: () => [],
  reach: () => 'whole',
  pointless: 'the layer before it as one vector',
}

/** https://keras.io/api/layers/reshaping_layers/reshape/ */
export const reshape: LayerKind<'reshape'> = {
  kind: 'reshape',
  classNames: ['Reshape', 'Squeeze', 'ExpandDims', 'Permute', 'RepeatVector'],
  parse(config) {
    const input = config.context.inputs?.[0] ?? []
    return { kind: 'reshape', target: inOurOrder(config, readTarget(config, input), input) }
  },
  shape(op, inputs) {
    const input = inputs[0]!
    const known = elementCount(op.target.filter((n) => n !== -1))
    const target = op.target.map((n) => (n === -1 ? elementCount(input) / known : n))
    if (elementCount(target) !== elementCount(input) || target.some((n) => !Number.isInteger(n)))
      throw new Error(`${formatShape(input)} cannot take the shape ${formatShape(op.target)}`)
    return target
  },
  weights: () => [],
  /** Units stay in place if rows and columns do. */
  reach: (_, { inputs, output }, interval) =>
    String(mapSize(inputs[0]!)) === String(mapSize(output)) && !areTokens(inputs[0]!) && !areTokens(output)
      ? interval
      : 'whole',
  pointless: 'the layer before it in another shape',
}

function areTokens(shape: Shape): boolean {
  return unitsOf(shape)?.kind === 'tokens'
}

function readTarget(config: LayerConfig, input: Shape): Shape {
  switch (config.className) {
    case 'Squeeze':
      return squeezed(config, input)
    case 'ExpandDims': {
      const axis = config.number('axis')
      const place = axis < 0 ? axis + input.length + 1 : axis - 1
      return place < 0 ? config.refuse('axis', axis) : input.toSpliced(place, 0, 1)
    }
    case 'Permute': {
      const dims = config.numbers('dims')
      // Moving axes of extent 1 only moves nothing.
      const moved = dims.filter((axis) => input[axis - 1] !== 1)
      if (String(moved) !== String(moved.toSorted((a, b) => a - b))) config.refuse('dims', dims)
      return dims.map((axis) => input[axis - 1]!)
    }
    case 'RepeatVector': {
      const n = config.number('n')
      return n === 1 ? [1, ...input] : config.refuse('n', n)
    }
    default: {
      // The operation counts the batch, which is open.
      const operation = config.take('newshape')
      if (operation === undefined) return config.numbers('target_shape')
      const [batch, ...rest] = operation as number[]
      return batch === -1 || batch === null ? rest : config.refuse('newshape', operation)
    }
  }
}

function squeezed(config: LayerConfig, input: Shape): Shape {
  const inFile = config.numbers('axis')
  const axes = inFile.map((axis) => (axis < 0 ? axis + input.length : axis - 1))
  if (config.isChannelsFirstMap || axes.some((axis) => input[axis] !== 1)) config.refuse('axis', inFile)
  return input.filter((_, axis) => !axes.includes(axis))
}

/**
 * In a `channels_first` network, what is reshaped lies in the order channel, row, column; only where at most one
 * axis is longer than 1 on both sides is the order the same.
 */
function inOurOrder(config: LayerConfig, target: Shape, input: Shape): Shape {
  if (!config.context.channelsFirst) return target
  const long = (shape: Shape): number => shape.filter((n) => n !== 1).length
  if ((isMap(input) && long(input) > 1) || (isMap(target) && long(target) > 1))
    config.refuse('target_shape', target)
  return isMap(target) ? [target[1], target[2], target[0]] : target
}
