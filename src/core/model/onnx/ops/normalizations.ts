/** @file Normalization with stored statistics, and with the tensor's own. */
import { formatShape } from '../../kinds/kind.ts'
import { elementCount } from '../../network.ts'
import { besideTensor } from '../broadcasting.ts'
import { expanded, type OnnxConstant, reshaped } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf, isByImage, memoryAxes } from '../views.ts'
import { counted } from './reshaping.ts'

/** A layer whose last axis is the file's axis 1, the channels. */
function withChannelsLast(reading: NodeReading, tensor: OnnxTensor): OnnxTensor {
  const rank = dimsOf(tensor.view).length
  if (rank < 2) throw new Error(`it needs channels, and has ${formatShape(dimsOf(tensor.view))}`)
  const others = Array.from({ length: rank - 2 }, (_, i) => [i + 2])
  return reading.arranged(tensor, [...others, [1]])
}

/** Whether the file's axis is the last one of memory. */
function isChannels(tensor: OnnxTensor, axis: number): boolean {
  return (
    isWholeInMemory(tensor, [axis]) && axesInMemory(tensor, [axis]).join() === String(tensor.shape.length - 1)
  )
}

const batchNorm: OperatorReader = (reading) => {
  const { attributes } = reading
  if (attributes.flag('training_mode')) attributes.refuse('training_mode', 1)
  if (!attributes.flag('spatial', true)) attributes.refuse('spatial', 0)
  attributes.ignore('is_test')
  const epsilon = attributes.number('epsilon', 1e-5)
  const weights = [1, 2, 3, 4].map((i) => reading.constant(i))
  const tensor = reading.tensor(0)
  // Tokens that the file counts together with the images stay where they are.
  const input = !isByImage(tensor.view) && isChannels(tensor, 1) ? tensor : withChannelsLast(reading, tensor)
  return reading.inPlace({ kind: 'batchNorm', axis: -1, epsilon, scale: true, center: true }, input, weights)
}

/**
 * One mean and variance for each image and each number along axis 1: a channel, or a group of channels, as PyTorch writes
 * group normalization.
 */
const instanceNorm: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const epsilon = reading.attributes.number('epsilon', 1e-5)
  const [scale, center] = [reading.constant(1), reading.constant(2)]
  const places = memoryAxes(tensor.view, tensor.shape)
  const own = tensor.view.axes[1]!
  const channels = [...places.keys()].filter((part) => part > 0 && places[part] === tensor.shape.length - 1)
  if (own.length > 0 && own.length < channels.length && own.every((part, i) => part === channels[i]))
    return groupsOf(reading, tensor, elementCount(own.map((part) => tensor.view.parts[part]!)), epsilon, [
      scale,
      center,
    ])
  const input = withChannelsLast(reading, tensor)
  const op = { kind: 'groupNorm', groups: -1, epsilon, scale: true, center: true } as const
  return reading.inPlace(op, input, [scale, center])
}

/** `weights` are one a group, or one a channel. */
function groupsOf(
  reading: NodeReading,
  tensor: OnnxTensor,
  groups: number,
  epsilon: number,
  [scale, center]: readonly [OnnxConstant, OnnxConstant],
): OnnxTensor {
  if (!isByImage(tensor.view)) throw new Error('it mixes images of the batch')
  const isAll = (constant: OnnxConstant, value: number): boolean =>
    constant.numbers().every((n) => n === value)
  const channels = tensor.shape.at(-1)!
  const each = (constant: OnnxConstant): OnnxConstant =>
    constant.shape[0] === channels
      ? constant
      : reshaped(expanded(reshaped(constant, [groups, 1]), [groups, channels / groups]), [channels])
  const plain = isAll(scale, 1) && isAll(center, 0)
  const op = { kind: 'groupNorm', groups, epsilon, scale: !plain, center: !plain } as const
  return reading.inPlace(op, tensor, plain ? [] : [each(scale), each(center)])
}

/** Before version 21 scale and bias are one a group. */
const groupNorm: OperatorReader = (reading) => {
  const groups = reading.attributes.number('num_groups', 1)
  const epsilon = reading.attributes.number('epsilon', 1e-5)
  const input = withChannelsLast(reading, reading.tensor(0))
  return groupsOf(reading, input, groups, epsilon, [reading.constant(1), reading.constant(2)])
}

const layerNorm =
  (rms: boolean): OperatorReader =>
  (reading) => {
    const input = reading.tensor(0)
    const rank = dimsOf(input.view).length
    const given = reading.attributes.number('axis', -1)
    const first = given < 0 ? given + rank : given
    const epsilon = reading.attributes.number('epsilon', 1e-5)
    const along = Array.from({ length: rank - first }, (_, i) => first + i)
    const tensor = isWholeInMemory(input, along) ? input : reading.apart(input, along)
    const axes = axesInMemory(tensor, along)
    const weights = [1, 2].flatMap((i) =>
      reading.inputs[i] ? [besideTensor(reading.constant(i), tensor)] : [],
    )
    const full = weights.map((weight) =>
      expanded(
        weight,
        tensor.shape.map((n, axis) => (axes.includes(axis) ? n : 1)),
      ),
    )
    const op = {
      kind: 'layerNorm',
      axes,
      epsilon,
      scale: full.length > 0,
      center: full.length > 1,
      rms,
    } as const
    return reading.inPlace(op, tensor, full)
  }

const localResponse: OperatorReader = (reading) => {
  const { attributes } = reading
  const size = attributes.number('size', 1)
  const [alpha, beta] = [attributes.number('alpha', 1e-4), attributes.number('beta', 0.75)]
  const base = attributes.number('bias', 1)
  return reading.inPlace({ kind: 'lrn', size, alpha, beta, base }, reading.asMap(reading.tensor(0)))
}

/** Makes the norm along an axis 1. */
const unitLength: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const [axis] = counted([reading.attributes.number('axis', -1)], dimsOf(tensor.view).length)
  const p = reading.attributes.number('p', 2)
  const axes = axesInMemory(tensor, [axis!])
  if (p === 2) return reading.inPlace({ kind: 'unitNorm', axes }, tensor)
  const norm = reading.layer({ kind: 'reduce', fn: 'l1', axes }, [tensor], [], [], { part: 'norm' })
  return { ...reading.layer({ kind: 'merge', fn: 'divide' }, [tensor, norm], []), view: tensor.view }
}

/** Takes the mean off and divides by the deviation; of one image, although the file counts the batch in. */
const meanVariance: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const axes = counted(reading.attributes.numbers('axes') ?? [0, 2, 3], dimsOf(tensor.view).length)
  if (reading.batch !== 1 && axes.includes(0)) throw new Error('it mixes images of the batch')
  const along = axesInMemory(
    tensor,
    axes.filter((axis) => axis !== 0),
  )
  // The operator adds 1e-9 to the deviation: a map that is all the same becomes 0.
  const op = { kind: 'layerNorm', axes: along, epsilon: 1e-18, rms: false } as const
  return reading.inPlace({ ...op, scale: false, center: false }, tensor)
}

/** The parts of these axes, and whether any is a part only of an axis of the layer's shape. */
function partsInMemory(
  { view, shape }: OnnxTensor,
  axes: readonly number[],
): { found: number[]; isWhole: boolean } {
  const places = memoryAxes(view, shape)
  const parts = axes.flatMap((axis) => view.axes[axis]!).filter((part) => part !== 0)
  const found = new Set(parts.map((part) => places[part]!))
  const isWhole = [...places.keys()].every(
    (part) => part === 0 || !found.has(places[part]!) || parts.includes(part),
  )
  return { found: [...found].toSorted((a, b) => a - b), isWhole }
}

export function isWholeInMemory(tensor: OnnxTensor, axes: readonly number[]): boolean {
  return partsInMemory(tensor, axes).isWhole
}

/** The axes of the layer's shape that these axes of the file are, together. Throws if they are parts of such only. */
export function axesInMemory(tensor: OnnxTensor, axes: readonly number[]): readonly number[] {
  const { view } = tensor
  if (axes.some((axis) => view.axes[axis]!.includes(0)) && view.parts[0] !== 1)
    throw new Error('it mixes images of the batch')
  const { found, isWhole } = partsInMemory(tensor, axes)
  if (!isWhole)
    throw new Error(
      `it works along axes ${axes.join(', ')} of ${formatShape(dimsOf(view))}, which are parts of others`,
    )
  return found
}

export const normalizations: Readonly<Record<string, OperatorReader>> = {
  BatchNormalization: batchNorm,
  InstanceNormalization: instanceNorm,
  GroupNormalization: groupNorm,
  LayerNormalization: layerNorm(false),
  LRN: localResponse,
  LpNormalization: unitLength,
  MeanVarianceNormalization: meanVariance,
  RMSNormalization: layerNorm(true),
}
