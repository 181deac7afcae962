/** @file TensorFlow's operations on constants alone, and its arithmetic on single numbers. */
import {
  broadcast,
  elementwise,
  gathered,
  joined,
  range,
  reshaped,
  stacked,
  transposed,
} from '../dataflow/constants.ts'
import { constantValue, type GraphConstant, numbersOf } from '../dataflow/values.ts'
import { elementCount } from '../network.ts'
import type { GraphNode } from './graphDef.ts'

/** By the name of the operation. */
export const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  AddV2: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  RealDiv: (a, b) => a / b,
  Div: (a, b) => a / b,
  FloorDiv: (a, b) => Math.floor(a / b),
  Pow: (a, b) => a ** b,
  Maximum: Math.max,
  Minimum: Math.min,
}

export const unary: Readonly<Record<string, (a: number) => number>> = {
  Neg: (a) => -a,
  Sqrt: Math.sqrt,
  Rsqrt: (a) => 1 / Math.sqrt(a),
  Square: (a) => a * a,
  Exp: Math.exp,
  Relu: (a) => Math.max(a, 0),
  Abs: Math.abs,
  Reciprocal: (a) => 1 / a,
  Floor: Math.floor,
  Ceil: Math.ceil,
  Log: Math.log,
}

/** Is null if the node is none of those that are computed. */
export function foldConstants(node: GraphNode, constants: readonly GraphConstant[]): GraphConstant | null {
  const [a, b] = constants
  const one = unary[node.op]
  if (a && one) return elementwise(a, one)
  const two = binary[node.op]
  if (a && b && two) return broadcast(a, b, two)
  if (a && b && node.op === 'Reshape') {
    const target = numbersOf(constantValue(b))
    const known = target.reduce((product, n) => (n < 0 ? product : product * n), 1)
    return reshaped(
      a,
      target.map((n) => (n < 0 ? elementCount(a.shape) / known : n)),
    )
  }
  if (a && b && node.op === 'ExpandDims') {
    const axis = numbersOf(constantValue(b))[0]!
    return reshaped(a, a.shape.toSpliced(axis < 0 ? a.shape.length + 1 + axis : axis, 0, 1))
  }
  if (a && node.op === 'Squeeze') {
    const axes = squeezedAxes(node, a.shape)
    return reshaped(
      a,
      a.shape.filter((_, axis) => !axes.includes(axis)),
    )
  }
  if (node.op === 'Range') return range(constants)
  if (a && b && (node.op === 'Gather' || node.op === 'GatherV2')) {
    const axis = axisOf(constants[2]?.floats()?.[0] ?? 0, a.shape.length)
    const isKnown = node.attributes.integer('batch_dims', 0) === 0 && axis < a.shape.length
    return isKnown ? gathered(a, b, axis) : null
  }
  if (a && node.op === 'Pack')
    return stacked(constants, axisOf(node.attributes.integer('axis', 0), a.shape.length + 1))
  if (a && b && node.op === 'ConcatV2')
    return joined(constants.slice(0, -1), axisOf(constants.at(-1)!.floats()?.[0] ?? 0, a.shape.length))
  if (a && b && node.op === 'Transpose') return transposed(a, numbersOf(constantValue(b)))
  return null
}

function axisOf(given: number, rank: number): number {
  return given < 0 ? given + rank : given
}

/** Axes that a Squeeze takes away from `shape`; the node's numbers count all of its axes. */
export function squeezedAxes(node: GraphNode, shape: readonly (number | 'batch')[]): readonly number[] {
  const named = [...node.attributes.integers('squeeze_dims'), ...node.attributes.integers('axis')]
  if (named.length > 0) return named.map((axis) => axisOf(axis, shape.length))
  return [...shape.keys()].filter((axis) => shape[axis] === 1)
}
