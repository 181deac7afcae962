/** @file Layers that compute nothing: each number of their output is a number of an input, or a constant. */
import {
  elementCount,
  type Operation,
  type OperationKind,
  type OperationOf,
  type Shape,
} from '../model/network.ts'

/** Where a number comes from: the place in the memory of an input, or its own value if it is a constant. */
export type Origin = { readonly input: number; readonly element: number } | { readonly constant: number }

type MovingKind =
  | 'identity'
  | 'reshape'
  | 'flatten'
  | 'rearrange'
  | 'pad'
  | 'padChannels'
  | 'crop'
  | 'depthToSpace'
  | 'concat'
  | 'joinConstants'
  | 'sliceChannels'
  | 'takeChannels'
  | 'slice'
  | 'patches'
  | 'token'
  | 'tile'
  | 'upsample'

/** `element` is a place in the memory of the output, without the batch. */
type Move<K extends OperationKind = OperationKind> = (
  op: OperationOf<K>,
  inputs: readonly Shape[],
  output: Shape,
  arrays: readonly ArrayLike<number>[],
  element: number,
) => Origin

/** The index along each axis of a number in the memory of an array. */
export function unravelled(element: number, shape: Shape): number[] {
  const indices = Array<number>(shape.length)
  let rest = element
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    indices[axis] = rest % shape[axis]!
    rest = Math.floor(rest / shape[axis]!)
  }
  return indices
}

/** The inverse of `unravelled`. */
export function ravelled(indices: readonly number[], shape: Shape): number {
  return indices.reduce((element, index, axis) => element * shape[axis]! + index, 0)
}

function same(_op: Operation, _inputs: unknown, _output: unknown, _arrays: unknown, element: number): Origin {
  return from(element)
}

function from(element: number, input = 0): Origin {
  return { input, element }
}

/** The place in a row or column of `length`, for one that lies beyond its ends; null: a constant. */
function folded(at: number, length: number, mode: string): number | null {
  if (at >= 0 && at < length) return at
  switch (mode) {
    case 'constant':
      return null
    case 'edge':
      return Math.min(Math.max(at, 0), length - 1)
    case 'wrap':
      return (at + length) % length
    case 'reflect':
      return at < 0 ? -at : 2 * (length - 1) - at
    default:
      return at < 0 ? -at - 1 : 2 * length - 1 - at
  }
}

/** The index along one axis of the output is changed by `change`; null is the constant. */
function along(
  axis: number,
  output: Shape,
  input: Shape,
  element: number,
  change: (index: number) => number | null,
  constant = 0,
): Origin {
  const indices = unravelled(element, output)
  const index = change(indices[axis]!)
  if (index === null) return { constant }
  indices[axis] = index
  return from(ravelled(indices, input))
}

const moves: { readonly [K in MovingKind]: Move<K> } = {
  identity: same,
  reshape: same,
  flatten(op, [input], _output, _arrays, element) {
    if (!op.channelsFirst || input!.length !== 3) return from(element)
    const [rows, columns, channels] = input as [number, number, number]
    const places = rows * columns
    return from((element % places) * channels + Math.floor(element / places))
  },
  rearrange(op, _inputs, _output, _arrays, element) {
    const { split, order } = op
    const parts = unravelled(
      element,
      order.map((part) => split[part]!),
    )
    const indices = Array<number>(split.length)
    for (const [k, part] of order.entries()) indices[part] = parts[k]!
    return from(ravelled(indices, split))
  },
  pad(op, [input], output, _arrays, element) {
    const [row, column, channel] = unravelled(element, output) as [number, number, number]
    const r = folded(row - op.rows[0], input![0]!, op.mode)
    const c = folded(column - op.columns[0], input![1]!, op.mode)
    if (r === null || c === null) return { constant: op.value }
    return from(ravelled([r, c, channel], input!))
  },
  padChannels(op, [input], output, _arrays, element) {
    const channels = input!.at(-1)!
    const change = (index: number): number | null =>
      index < op.before || index >= op.before + channels ? null : index - op.before
    return along(output.length - 1, output, input!, element, change, op.value)
  },
  crop(op, [input], output, _arrays, element) {
    const [row, column, channel] = unravelled(element, output) as [number, number, number]
    return from(ravelled([row + op.rows[0], column + op.columns[0], channel], input!))
  },
  depthToSpace(op, [input], output, _arrays, element) {
    const [row, column, channel] = unravelled(element, output) as [number, number, number]
    const { block } = op
    const part = (row % block) * block + (column % block)
    return from(
      ravelled([Math.floor(row / block), Math.floor(column / block), part * output[2]! + channel], input!),
    )
  },
  concat(op, inputs, output, _arrays, element) {
    const axis = op.axis < 0 ? output.length + op.axis : op.axis - 1
    const indices = unravelled(element, output)
    let at = indices[axis]!
    let input = 0
    while (at >= inputs[input]![axis]!) at -= inputs[input++]![axis]!
    indices[axis] = at
    return from(ravelled(indices, inputs[input]!), input)
  },
  joinConstants(op, _inputs, output, arrays, element) {
    const { axis, before, after, shape } = op
    const indices = unravelled(element, output)
    const at = indices[axis]!
    const [first, last] = before > 0 ? arrays : [undefined, arrays[0]]
    const constantOf = (array: ArrayLike<number> | undefined, index: number, length: number): Origin => {
      indices[axis] = index
      return { constant: array?.[ravelled(indices, shape.with(axis, length))] ?? Number.NaN }
    }
    if (at < before) return constantOf(first, at, before)
    if (at >= before + shape[axis]!) return constantOf(last, at - before - shape[axis]!, after)
    indices[axis] = at - before
    return from(ravelled(indices, shape))
  },
  sliceChannels: (op, [input], output, _arrays, element) =>
    along(output.length - 1, output, input!, element, (index) => index + op.start),
  takeChannels: (op, [input], output, _arrays, element) =>
    along(output.length - 1, output, input!, element, (index) => op.channels[index]!),
  slice(op, [input], output, _arrays, element) {
    return along(op.axis, output, input!, element, (index) => op.start + index * op.step)
  },
  patches: (op, [input], _output, _arrays, element) => from(element + op.first * input!.at(-1)!),
  token: (op, [input], _output, _arrays, element) => from(element + op.index * input!.at(-1)!),
  tile(_op, [input], output, _arrays, element) {
    const indices = unravelled(element, output).map((index, axis) => index % input![axis]!)
    return from(ravelled(indices, input!))
  },
  upsample(op, [input], output, _arrays, element) {
    const [row, column, channel] = unravelled(element, output) as [number, number, number]
    return from(ravelled([Math.floor(row / op.size[0]), Math.floor(column / op.size[1]), channel], input!))
  },
}

/** Whether a layer only moves numbers. */
export function isMove(op: Operation): boolean {
  if (op.kind === 'upsample') return op.interpolation === 'nearest'
  return op.kind in moves
}

/**
 * Where a number of the output of a layer for which `isMove` comes from. Shapes are without the batch; `arrays` are the layer's
 * weights: without them its constants are NaN.
 */
export function originOf(
  op: Operation,
  inputs: readonly Shape[],
  output: Shape,
  arrays: readonly ArrayLike<number>[],
  element: number,
): Origin {
  if (!isMove(op) || element >= elementCount(output)) throw new Error(`${op.kind} moves no number ${element}`)
  return (moves[op.kind as MovingKind] as Move)(op, inputs, output, arrays, element)
}
