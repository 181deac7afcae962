/** @file Normalization with stored statistics, and with the tensor's own. */
import { formatShape } from '../../kinds/kind.ts'
import { elementCount } from '../../network.ts'
import { besideTensor } from '../broadcasting.ts'
import { expanded, type OnnxConstant, reshaped } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf, isByImage, memoryAxes } from '../views.ts'

/** A layer whose last axis is the file's axis 1, the channels. */
function withChannelsLast(reading: NodeReading, tensor: OnnxTensor): OnnxTensor {
  const rank = dimsOf(tensor.view).length
  if (rank < 2) throw new Error(`it needs channels, and has ${formatShape(dimsOf(tensor.view))}`)
  const others = Array.from({ length: rank - 2 }, (_, i) => [i + 2])
  return reading.arranged(tensor, [...others, [1]])
}

const batchNorm: OperatorReader = (reading) => {
  const { attributes } = reading
  if (attributes.flag('training_mode')) attributes.refuse('training_mode', 1)
  if (!attributes.flag('spatial', true)) attributes.refuse('spatial', 0)
  attributes.ignore('is_test')
  const epsilon = attributes.number('epsilon', 1e-5)
  const weights = [1, 2, 3, 4].map((i) => reading.constant(i))
  const input = withChannelsLast(reading, reading.tensor(0))
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
    const tensor = reading.tensor(0)
    const rank = dimsOf(tensor.view).length
    const given = reading.attributes.number('axis', -1)
    const first = given < 0 ? given + rank : given
    const epsilon = reading.attributes.number('epsilon', 1e-5)
    const axes = axesInMemory(
      tensor,
      Array.from({ length: rank - first }, (_, i) => first + i),
    )
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

/** The axes of the layer's shape that these axes of the file are, together. Throws if they are parts of such only. */
export function axesInMemory({ view, shape }: OnnxTensor, axes: readonly number[]): readonly number[] {
  const places = memoryAxes(view, shape)
  const parts = axes.flatMap((axis) => view.axes[axis]!)
  if (parts.includes(0) && view.parts[0] !== 1) throw new Error('it mixes images of the batch')
  const found = new Set(parts.filter((part) => part !== 0).map((part) => places[part]!))
  const missing = [...places.keys()].some(
    (part) => part > 0 && found.has(places[part]!) && !parts.includes(part),
  )
  if (missing)
    throw new Error(
      `it works along axes ${axes.join(', ')} of ${formatShape(dimsOf(view))}, which are parts of others`,
    )
  return [...found].toSorted((a, b) => a - b)
}

export const normalizations: Readonly<Record<string, OperatorReader>> = {
  BatchNormalization: batchNorm,
  InstanceNormalization: instanceNorm,
  GroupNormalization: groupNorm,
  LayerNormalization: layerNorm(false),
  RMSNormalization: layerNorm(true),
}
