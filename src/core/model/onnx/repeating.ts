/** @file A tensor beside itself, and one number for many places, where memory has to hold them so. */
import type { LayerOptions } from '../dataflow/networkBuilder.ts'
import { formatShape } from '../kinds/kind.ts'
import type { Operation } from '../network.ts'
import { broadcastShape, type OnnxConstant } from './constants.ts'
import { type OnnxTensor, usualGroups } from './values.ts'
import { dimsOf } from './views.ts'

/** As far as the reading of a node is needed here. */
interface LayerMaker {
  arranged(tensor: OnnxTensor, groups: readonly (readonly number[])[]): OnnxTensor
  layer(
    op: Operation,
    inputs: readonly OnnxTensor[],
    axes: readonly number[],
    weights: readonly OnnxConstant[],
    options: LayerOptions,
  ): OnnxTensor
}

/** So many times along each axis of the file. */
export function repeated(
  reading: LayerMaker,
  tensor: OnnxTensor,
  repeats: readonly number[],
  part: string | null,
): OnnxTensor {
  if (repeats.every((n) => n === 1)) return tensor
  const dims = dimsOf(tensor.view)
  if (repeats.some((n) => n < 1) || repeats[0] !== 1)
    throw new Error(`it repeats ${formatShape(dims)} ${formatShape(repeats)} times`)
  const groups = usualGroups(tensor)
  const input = reading.arranged(tensor, groups)
  const op = { kind: 'tile', repeats: groups.map(([axis]) => repeats[axis!]!) } as const
  const order = dims.slice(1).map((_, i) => groups.findIndex((group) => group.includes(i + 1)))
  return reading.layer(op, [input], order, [], { part })
}

/** With the lengths that it takes when it is broadcast beside an array of `shape`. */
export function widened(reading: LayerMaker, tensor: OnnxTensor, shape: readonly number[]): OnnxTensor {
  const own = dimsOf(tensor.view)
  const target = broadcastShape([own, shape])
  const missing = target.length - own.length
  if (target.slice(0, missing).some((n) => n !== 1))
    throw new Error(`it repeats ${formatShape(own)} to ${formatShape(target)}`)
  const repeats = own.map((n, axis) => target[axis + missing]! / n)
  return repeated(reading, tensor, repeats, 'repeated')
}

/** The tensor in its shape in the file, if that repeats it. */
export function inFull(reading: LayerMaker, { repeated: shape, ...tensor }: OnnxTensor): OnnxTensor {
  return shape ? widened(reading, tensor, shape) : tensor
}
