/** @file Operations that keep all numbers and give them other axes; the batch has to stay the first. */
import { elementCount, type Shape } from '../../network.ts'
import { unmovedShape } from '../../dataflow/transposes.ts'
import { squeezedAxes } from '../foldConstants.ts'
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import {
  type Length,
  lengthsOf,
  networkShape,
  numbersOf,
  type TensorValue,
  type Value,
} from '../../dataflow/values.ts'

/** Moves no number; if only axes of length 1 come or go, the layer stays the same. */
function reshaped(reading: NodeReading, input: TensorValue, shape: Shape): Value {
  const count = elementCount(input.shape)
  if (elementCount(shape) !== count)
    throw new Error(`it makes [${shape.join(', ')}] of [${input.shape.join(', ')}] for each image`)
  const target = networkShape(shape)
  const there = reading.inNetworksShape(input)
  if (target.join() === there.shape.join()) return { ...input, shape }
  const op =
    shape.length === 1
      ? ({ kind: 'flatten', channelsFirst: false } as const)
      : ({ kind: 'reshape', target } as const)
  return reading.layer(op, [there], [], { shape })
}

const reshape: OperationReader = (reading) => {
  const input = reading.tensor(0)
  const [batch, ...rest] = lengthsOf(reading.inputs[1]).lengths
  return reshaped(reading, input, targetOf(batch, rest, elementCount(input.shape), reading.batch))
}

/** The shape for each image; throws if images would be mixed. */
function targetOf(
  batch: Length | undefined,
  rest: readonly Length[],
  count: number,
  fixed: number | null,
): Shape {
  const open = rest.filter((n) => n === -1).length
  if (rest.includes('batch') || batch === undefined) throw new Error('it moves the batch')
  const lengths = rest as readonly number[]
  const known = lengths.reduce((product, n) => (n === -1 ? product : product * n), 1)
  const keepsBatch =
    batch === 'batch' || batch === fixed || (batch === -1 && open === 0) || (batch === 0 && open > 0)
  if (!keepsBatch || open > 1) throw new Error(`it makes [${[batch, ...rest].join(', ')}] of a batch`)
  return lengths.map((n) => (n === -1 ? count / known : n))
}

const squeeze: OperationReader = (reading) => {
  const input = reading.tensor(0)
  const whole: readonly Length[] = ['batch', ...input.shape]
  const axes = squeezedAxes(reading.node, whole)
  if (reading.batch === 1 && axes.join() === '0') return { kind: 'alone', source: input }
  if (axes.some((axis) => whole[axis] !== 1)) throw new Error('it takes away an axis that is not of length 1')
  return reshaped(
    reading,
    input,
    input.shape.filter((_, axis) => !axes.includes(axis + 1)),
  )
}

const expand: OperationReader = (reading) => {
  const [first] = reading.inputs
  const [axis] = numbersOf(reading.inputs[1])
  if (first?.kind === 'alone' && axis === 0) return first.source
  const input = reading.tensor(0)
  const at = axis! < 0 ? axis! + input.shape.length + 2 : axis!
  if (at === 0) throw new Error('it puts an axis before the batch')
  return reshaped(reading, input, input.shape.toSpliced(at - 1, 0, 1))
}

/** The image of a batch of one, as detectors take it to scale each by itself. */
const unpack: OperationReader = (reading) => {
  const { batch, attributes } = reading
  const [axis, count] = [attributes.integer('axis', 0), attributes.integer('num', 1)]
  if (axis !== 0 || count !== 1 || batch !== 1)
    throw new Error(`it takes apart axis ${axis} of ${batch ?? 'any number of'} images`)
  return { kind: 'alone', source: reading.tensor(0) }
}

/** Puts the image of a batch of one back. */
const pack: OperationReader = (reading) => {
  const axis = reading.attributes.integer('axis', 0)
  const [first] = reading.inputs
  if (axis !== 0 || reading.inputs.length !== 1 || first?.kind !== 'alone')
    throw new Error(`it puts ${reading.inputs.length} parts side by side along a new axis ${axis}`)
  return first.source
}

const transpose: OperationReader = (reading) => {
  const input = reading.tensor(0)
  const order = numbersOf(reading.inputs[1])
  const shape = unmovedShape(input.shape, order)
  if (!shape)
    throw new Error(
      `it moves axes of [${['batch', ...input.shape].join(', ')}] to the order ${order.join(', ')}`,
    )
  return reshaped(reading, input, shape)
}

export const reshaping: Readonly<Record<string, OperationReader>> = {
  Reshape: reshape,
  Squeeze: squeeze,
  ExpandDims: expand,
  Unpack: unpack,
  Pack: pack,
  Transpose: transpose,
  Shape: (reading) => ({ kind: 'lengths', lengths: ['batch', ...reading.tensor(0).shape], scalar: false }),
}
