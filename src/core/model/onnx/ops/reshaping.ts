/** @file Operators that keep all numbers and give them other axes: mostly views, so that nothing is computed. */
import { formatShape } from '../../kinds/kind.ts'
import { elementCount } from '../../network.ts'
import { broadcastShape, lengthsConstant } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { repeated } from '../repeating.ts'
import { constantValue, type OnnxTensor } from '../values.ts'
import {
  dimsOf,
  isByImage,
  permutedView,
  reshapedView,
  squeezedView,
  unsqueezedView,
  type View,
} from '../views.ts'

/** The tensor with the shape that the file gives it. */
function reshapedTo(reading: NodeReading, tensor: OnnxTensor, target: readonly number[]): OnnxTensor {
  const dims = dimsOf(tensor.view)
  if (elementCount(dims) !== elementCount(target) || target.some((n) => !Number.isInteger(n) || n < 0))
    throw new Error(`it makes ${formatShape(target)} of ${formatShape(dims)}`)
  const view = reshapedView(tensor.view, target)
  if (view) {
    const own = { ...tensor, view }
    // A vector is a layer of its own, whose numbers lie as the next ones count them.
    return target.length === 2 && isByImage(view) ? reading.arranged(own, [[1]], null) : own
  }
  if (!isByImage(tensor.view) || target[0] !== reading.batch)
    throw new Error(`it makes ${formatShape(target)} of ${formatShape(dims)}, where axes are mixed`)
  // Axes end in the midst of others: the numbers have to lie in the order of the file first.
  const inOrder = reading.arranged(
    tensor,
    dims.slice(1).map((_, i) => [i + 1]),
    'input',
  )
  const shape = target.slice(1)
  return reading.layer({ kind: 'reshape', target: shape }, [inOrder], [...shape.keys()])
}

/** 0 is the length that was there, -1 what is left. */
const reshape: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const dims = dimsOf(tensor.view)
  const given = reading.version < 5 ? (reading.attributes.numbers('shape') ?? []) : (reading.list(1) ?? [])
  const keepsZeros = reading.attributes.flag('allowzero')
  const target = given.map((n, axis) => (n === 0 && !keepsZeros ? dims[axis]! : n))
  const known = elementCount(target.filter((n) => n !== -1))
  return reshapedTo(
    reading,
    tensor,
    target.map((n) => (n === -1 ? elementCount(dims) / known : n)),
  )
}

const flatten: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const dims = dimsOf(tensor.view)
  const given = reading.attributes.number('axis', 1)
  const axis = given < 0 ? given + dims.length : given
  return reshapedTo(reading, tensor, [elementCount(dims.slice(0, axis)), elementCount(dims.slice(axis))])
}

/** Axes are an attribute up to version 12, then an input. */
export function axesOf(reading: NodeReading, index: number, since: number): readonly number[] | null {
  return reading.version < since ? reading.attributes.numbers('axes') : reading.list(index)
}

export function counted(axes: readonly number[], rank: number): readonly number[] {
  return axes.map((axis) => {
    const own = axis < 0 ? axis + rank : axis
    if (!(Number.isInteger(own) && own >= 0 && own < rank)) throw new Error(`it has no axis ${axis}`)
    return own
  })
}

const squeeze: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const dims = dimsOf(tensor.view)
  const given = axesOf(reading, 1, 13)
  const axes = given ? counted(given, dims.length) : [...dims.keys()].filter((axis) => dims[axis] === 1)
  if (axes.some((axis) => dims[axis] !== 1))
    throw new Error(`it takes away axis ${axes.join(', ')} of ${formatShape(dims)}, not all of length 1`)
  return viewed(reading, tensor, squeezedView(tensor.view, axes))
}

const unsqueeze: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const axes = axesOf(reading, 1, 13) ?? []
  const rank = dimsOf(tensor.view).length + axes.length
  return viewed(reading, tensor, unsqueezedView(tensor.view, counted(axes, rank)))
}

/** A vector lies in a layer of one axis. */
function viewed(reading: NodeReading, tensor: OnnxTensor, view: View): OnnxTensor {
  const own = { ...tensor, view }
  return view.axes.length === 2 && isByImage(view) ? reading.arranged(own, [[1]], null) : own
}

const transpose: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const rank = tensor.view.axes.length
  const order = reading.attributes.numbers('perm') ?? [...Array(rank).keys()].toReversed()
  if (order.length !== rank) reading.attributes.refuse('perm', order)
  return { ...tensor, view: permutedView(tensor.view, counted(order, rank)) }
}

const shape: OperatorReader = (reading) => {
  const dims = dimsOf(reading.tensor(0).view)
  const [start, end] = [reading.attributes.number('start', 0), reading.attributes.number('end', dims.length)]
  return constantValue(lengthsConstant(dims.slice(start, end)))
}

/** Mostly a shape that the tensor has already. */
const expand: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const dims = dimsOf(tensor.view)
  const target = reading.list(1) ?? []
  const missing = target.length - dims.length
  const aligned =
    missing > 0 ? { ...tensor, view: unsqueezedView(tensor.view, [...Array(missing).keys()]) } : tensor
  const own = dimsOf(aligned.view)
  const wanted = broadcastShape([own, target])
  if (formatShape(wanted) === formatShape(own)) return aligned
  if (wanted[0] !== own[0]) throw new Error(`it repeats ${formatShape(dims)} to ${formatShape(target)}`)
  return { ...aligned, repeated: wanted }
}

const tile: OperatorReader = (reading) => repeated(reading, reading.tensor(0), reading.list(1) ?? [], null)

/** `[batch, blocks, …]` of channels become squares of rows and columns. */
const depthToSpace: OperatorReader = (reading) => {
  const input = reading.asMap(reading.tensor(0))
  const block = reading.attributes.number('blocksize', 1)
  const mode = reading.attributes.text('mode', 'DCR')
  const [rows, columns, channels] = input.shape as [number, number, number]
  const depth = channels / block ** 2
  if (!Number.isInteger(depth))
    throw new Error(`it spreads ${channels} channels over squares of ${block}×${block}`)
  const isColumnRow = mode === 'CRD'
  // The parts of the channels: block row, block column, and the channels of the output, which come first in CRD.
  const split = isColumnRow ? [rows, columns, depth, block, block] : [rows, columns, block, block, depth]
  const order = isColumnRow ? [0, 3, 1, 4, 2] : [0, 2, 1, 3, 4]
  return moved(reading, input, split, order, [rows * block, columns * block, depth])
}

const spaceToDepth: OperatorReader = (reading) => {
  const input = reading.asMap(reading.tensor(0))
  const block = reading.attributes.number('blocksize', 1)
  const [rows, columns, channels] = input.shape as [number, number, number]
  const split = [rows / block, block, columns / block, block, channels]
  if (!split.every(Number.isInteger))
    throw new Error(`its map of ${rows}×${columns} does not fall into squares of ${block}`)
  const isColumnRow = reading.attributes.text('mode', 'DCR') === 'CRD'
  const order = isColumnRow ? [0, 2, 4, 1, 3] : [0, 2, 1, 3, 4]
  return moved(reading, input, split, order, [rows / block, columns / block, channels * block ** 2])
}

/** A layer that is looked at, as its units are new ones. */
function moved(
  reading: NodeReading,
  input: OnnxTensor,
  split: readonly number[],
  order: readonly number[],
  target: readonly number[],
): OnnxTensor {
  // Parts of length 1 say nothing.
  const long = [...split.keys()].filter((part) => split[part] !== 1)
  const op = {
    kind: 'rearrange',
    split: long.map((part) => split[part]!),
    order: order.filter((part) => split[part] !== 1).map((part) => long.indexOf(part)),
    target,
  } as const
  return reading.layer(op, [input], viewAxes)
}

const viewAxes = [2, 0, 1] as const

export const reshaping: Readonly<Record<string, OperatorReader>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Shape: shape,
  Expand: expand,
  Tile: tile,
  Size: (reading) => constantValue(lengthsConstant([elementCount(dimsOf(reading.tensor(0).view))])),
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
}
