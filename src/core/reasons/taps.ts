/**
 * @file The numbers of which a layer computes one number of its output, as a sum of products:
 *
 *     output[element] = bias + Σ weight · inputs[input][at]
 *
 * Elements are places in the memory of an output, without the batch. Taps in the margins are left out, as they are 0. The layer's own
 * activation comes after the sum.
 */
import { paddingBefore, type Window } from '../model/kinds/windows.ts'
import { matricesOf, resultParts } from '../model/kinds/matMul.ts'
import type { Factor, MatMul, OperationOf, Shape, SupportedLayer } from '../model/network.ts'
import { channelCount, elementCount } from '../model/network.ts'
import { ravelled, unravelled } from './moves.ts'

/** One product of the sum. */
export type OnTap = (input: number, at: number, weight: number) => void

export type Weights = readonly ArrayLike<number>[]

/**
 * Visits each product of the sum that an element of a layer is, and returns what is added. The layer's way is `kernel` or
 * `sum`.
 */
export function eachTap(
  { op, shape }: SupportedLayer,
  inputs: readonly Shape[],
  weights: Weights,
  element: number,
  visit: OnTap,
): number {
  const [input] = inputs as [Shape]
  switch (op.kind) {
    case 'conv':
      return convolved(op, input, shape, weights, element, visit)
    case 'depthwiseConv':
      return convolvedByChannel(op, input, shape, weights, element, visit)
    case 'separableConv':
      return convolvedSeparably(op, input, shape, weights, element, visit)
    case 'transposedConv':
      return convolvedBack(op, input, shape, weights, element, visit)
    case 'dense':
      return multiplied(op, input, weights, element, visit)
    case 'matMul':
      return matrixProduct(op, weights[0]!, element, visit)
    case 'merge': {
      const share = op.fn === 'average' ? 1 / inputs.length : 1
      for (const [i, from] of inputs.entries())
        visit(i, broadcastElement(element, shape, from), op.fn === 'subtract' && i > 0 ? -1 : share)
      return 0
    }
    case 'addScaled':
      for (const [i, from] of inputs.entries())
        visit(i, broadcastElement(element, shape, from), i === 0 ? 1 : op.scale)
      return 0
    default:
      throw new Error(`a layer of the kind ${op.kind} is no sum of products`)
  }
}

/** The element of an input that NumPy's broadcasting puts beside an element of the output. */
export function broadcastElement(element: number, output: Shape, input: Shape): number {
  if (elementCount(input) === elementCount(output)) return element
  const indices = unravelled(element, output).slice(output.length - input.length)
  return ravelled(
    indices.map((index, axis) => (input[axis] === 1 ? 0 : index)),
    input,
  )
}

/** The places of a window that lie within the map, with the row and column of the kernel. */
export function eachPlace(
  window: Window,
  [rows, columns]: Shape,
  row: number,
  column: number,
  visit: (r: number, c: number, place: number) => void,
): void {
  const [down, right] = window.dilation ?? [1, 1]
  const top = row * window.strides[0] - paddingBefore(window, 0, rows!)
  const left = column * window.strides[1] - paddingBefore(window, 1, columns!)
  for (let r = 0; r < window.kernel[0]; r++) {
    const y = top + r * down
    if (y < 0 || y >= rows!) continue
    for (let c = 0; c < window.kernel[1]; c++) {
      const x = left + c * right
      if (x >= 0 && x < columns!) visit(r, c, y * columns! + x)
    }
  }
}

function convolved(
  op: OperationOf<'conv'>,
  input: Shape,
  output: Shape,
  [kernel, bias]: Weights,
  element: number,
  visit: OnTap,
): number {
  const [row, column, channel] = unravelled(element, output) as [number, number, number]
  const channels = input[2]!
  const depth = channels / op.groups
  const first = Math.floor(channel / (op.filters / op.groups)) * depth
  eachPlace(op, input, row, column, (r, c, place) => {
    const tap = (r * op.kernel[1] + c) * depth
    for (let i = 0; i < depth; i++)
      visit(0, place * channels + first + i, kernel![(tap + i) * op.filters + channel]!)
  })
  return op.bias ? bias![channel]! : 0
}

function convolvedByChannel(
  op: OperationOf<'depthwiseConv'>,
  input: Shape,
  output: Shape,
  [kernel, bias]: Weights,
  element: number,
  visit: OnTap,
): number {
  const [row, column, channel] = unravelled(element, output) as [number, number, number]
  const from = Math.floor(channel / op.multiplier)
  // The channels of the output are those of `[input channels, multiplier]` in the order of memory, as in the kernel.
  eachPlace(op, input, row, column, (r, c, place) =>
    visit(0, place * input[2]! + from, kernel![(r * op.kernel[1] + c) * output[2]! + channel]!),
  )
  return op.bias ? bias![channel]! : 0
}

function convolvedSeparably(
  op: OperationOf<'separableConv'>,
  input: Shape,
  output: Shape,
  [depthwise, pointwise, bias]: Weights,
  element: number,
  visit: OnTap,
): number {
  const [row, column, channel] = unravelled(element, output) as [number, number, number]
  const middle = input[2]! * op.multiplier
  eachPlace(op, input, row, column, (r, c, place) => {
    const tap = (r * op.kernel[1] + c) * middle
    for (let from = 0; from < input[2]!; from++) {
      let weight = 0
      for (let m = from * op.multiplier; m < (from + 1) * op.multiplier; m++)
        weight += depthwise![tap + m]! * pointwise![m * op.filters + channel]!
      visit(0, place * input[2]! + from, weight)
    }
  })
  return op.bias ? bias![channel]! : 0
}

/** It is the gradient of a convolution from its output to its input, whose padding counts. */
function convolvedBack(
  op: OperationOf<'transposedConv'>,
  input: Shape,
  output: Shape,
  [kernel, bias]: Weights,
  element: number,
  visit: OnTap,
): number {
  const [row, column, channel] = unravelled(element, output) as [number, number, number]
  const [rows, columns, channels] = input as [number, number, number]
  const along = (axis: 0 | 1, unit: number, tap: number, length: number): number => {
    const at = unit + paddingBefore(op, axis, output[axis]!) - tap * op.dilation[axis]
    const place = at / op.strides[axis]
    return at % op.strides[axis] === 0 && place >= 0 && place < length ? place : -1
  }
  for (let r = 0; r < op.kernel[0]; r++) {
    const y = along(0, row, r, rows)
    if (y < 0) continue
    for (let c = 0; c < op.kernel[1]; c++) {
      const x = along(1, column, c, columns)
      if (x < 0) continue
      const filter = ((r * op.kernel[1] + c) * op.filters + channel) * channels
      for (let i = 0; i < channels; i++) visit(0, (y * columns + x) * channels + i, kernel![filter + i]!)
    }
  }
  return op.bias ? bias![channel]! : 0
}

function multiplied(
  op: OperationOf<'dense'>,
  input: Shape,
  [kernel, bias]: Weights,
  element: number,
  visit: OnTap,
): number {
  const [place, unit] = [Math.floor(element / op.units), element % op.units]
  const channels = channelCount(input)
  for (let i = 0; i < channels; i++) visit(0, place * channels + i, kernel![i * op.units + unit]!)
  return op.bias ? bias![unit]! : 0
}

function matrixProduct(op: MatMul, constant: ArrayLike<number>, element: number, visit: OnTap): number {
  const { first, second, order } = op
  const parts = resultParts(op)
  const ordered = unravelled(
    element,
    order.map((part) => parts[part]!),
  )
  const indices = Array<number>(parts.length)
  for (const [k, part] of order.entries()) indices[part] = ordered[k]!
  const { outer: columns } = matricesOf(second)
  const { outer: rows } = matricesOf(first)
  const flat = ravelled(indices, parts)
  const [batch, row, column] = [
    Math.floor(flat / (rows * columns)),
    Math.floor(flat / columns) % rows,
    flat % columns,
  ]
  const left = placesIn(first, batch, row)
  const right = placesIn(second, batch, column)
  const [variable, fixed] = op.constant!.side === 'first' ? [right, left] : [left, right]
  for (let k = 0; k < variable.length; k++) visit(0, variable[k]!, constant[fixed[k]!]!)
  return 0
}

/** The elements of an operand over which a number of the product sums, in order. */
function placesIn(factor: Factor, batch: number, outer: number): number[] {
  const { split } = factor
  const lengths = (parts: readonly number[]): Shape => parts.map((part) => split[part]!)
  const { batch: matrices, inner } = matricesOf(factor)
  const indices = Array<number>(split.length).fill(0)
  const put = (parts: readonly number[], at: number): void => {
    for (const [k, index] of unravelled(at, lengths(parts)).entries()) indices[parts[k]!] = index
  }
  put(factor.batch, matrices === 1 ? 0 : batch)
  put(factor.outer, outer)
  return Array.from({ length: inner }, (_, k) => {
    put(factor.inner, k)
    return ravelled(indices, split)
  })
}
