/** @file Constants that are made of constants; their numbers are computed when somebody asks for them. */
import { elementCount, type Shape } from '../network.ts'
import type { GraphNode } from './graphDef.ts'
import { type GraphConstant, numbersOf, type Value } from '../dataflow/values.ts'

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

/** Null where the node is none of those that are computed. */
export function foldConstants(node: GraphNode, constants: readonly GraphConstant[]): Value | null {
  const [a, b] = constants
  const one = unary[node.op]
  if (a && one) return computed(a.shape, constants, ([x]) => x!.map(one))
  const two = binary[node.op]
  if (a && b && two) return broadcast(a, b, two)
  if (a && b && node.op === 'Reshape') {
    const target = numbersOf({ kind: 'constant', constant: b })
    const known = target.reduce((product, n) => (n < 0 ? product : product * n), 1)
    return reshaped(
      a,
      target.map((n) => (n < 0 ? elementCount(a.shape) / known : n)),
    )
  }
  if (a && b && node.op === 'ExpandDims') {
    const axis = numbersOf({ kind: 'constant', constant: b })[0]!
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
  if (a && b && (node.op === 'Gather' || node.op === 'GatherV2')) return gathered(node, constants)
  if (node.op === 'Pack' || node.op === 'ConcatV2') return joined(node, constants)
  if (a && b && node.op === 'Transpose') return transposed(a, numbersOf({ kind: 'constant', constant: b }))
  return null
}

/** Axes that a Squeeze takes away from `shape`; the node's numbers count all of its axes. */
export function squeezedAxes(node: GraphNode, shape: readonly (number | 'batch')[]): readonly number[] {
  const named = [...node.attributes.integers('squeeze_dims'), ...node.attributes.integers('axis')]
  if (named.length > 0) return named.map((axis) => (axis < 0 ? axis + shape.length : axis))
  return [...shape.keys()].filter((axis) => shape[axis] === 1)
}

function computed(
  shape: Shape,
  from: readonly GraphConstant[],
  compute: (inputs: Float32Array[]) => Float32Array,
): Value {
  const floats = (): Float32Array | null => {
    const inputs = from.map((input) => input.floats())
    return inputs.every((input) => input !== null) ? compute(inputs) : null
  }
  return { kind: 'constant', constant: { ...from[0]!, shape, floats } }
}

/** Its numbers without their fractions. */
export function wholeConstant(a: GraphConstant): Value {
  return computed(a.shape, [a], ([x]) => x!.map(Math.trunc))
}

function reshaped(a: GraphConstant, shape: Shape): Value {
  if (elementCount(shape) !== elementCount(a.shape))
    throw new Error(`it makes [${shape.join(', ')}] of [${a.shape.join(', ')}]`)
  return { kind: 'constant', constant: { ...a, shape } }
}

/** The matrix or array with its axes in another order. */
export function transposed(a: GraphConstant, order: readonly number[]): Value {
  const strides = a.shape.map((_, axis) => elementCount(a.shape.slice(axis + 1)))
  const shape = order.map((axis) => a.shape[axis]!)
  return computed(shape, [a], ([x]) =>
    x!.map(
      (_, i) =>
        x![
          flatIndex(
            i,
            shape,
            order.map((axis) => strides[axis]!),
          )
        ]!,
    ),
  )
}

/** Whole numbers or not, as many as fit before the limit. */
function range([start, limit, step]: readonly GraphConstant[]): Value {
  const [from, to, by] = [start, limit, step].map((constant) => constant?.floats()?.[0])
  if (from === undefined || to === undefined || !by) throw new Error('it needs a start, an end and a step')
  const count = Math.max(0, Math.ceil((to - from) / by))
  return computed([count], [start!], () => Float32Array.from({ length: count }, (_, i) => from + i * by))
}

/** Rows of an array, or what lies along another of its axes, at the places of a list or at one place. */
function gathered(node: GraphNode, constants: readonly GraphConstant[]): Value | null {
  const [a, places, along] = constants as [GraphConstant, GraphConstant, GraphConstant | undefined]
  const [given = 0] = along?.floats() ?? []
  const axis = given < 0 ? given + a.shape.length : given
  if (node.attributes.integer('batch_dims', 0) !== 0 || axis >= a.shape.length) return null
  const [before, behind] = [elementCount(a.shape.slice(0, axis)), elementCount(a.shape.slice(axis + 1))]
  const count = elementCount(places.shape)
  return computed(a.shape.toSpliced(axis, 1, ...places.shape), [a, places], ([x, at]) =>
    Float32Array.from({ length: before * count * behind }, (_, i) => {
      const [block, rest] = [Math.floor(i / (count * behind)), i % (count * behind)]
      const row = block * a.shape[axis]! + at![Math.floor(rest / behind)]!
      return x![row * behind + (rest % behind)]!
    }),
  )
}

/** Along an axis that is there, or along a new one. */
function joined(node: GraphNode, constants: readonly GraphConstant[]): Value | null {
  const isPack = node.op === 'Pack'
  const parts = isPack ? constants : constants.slice(0, -1)
  const [first] = parts
  if (!first) return null
  const rank = first.shape.length + (isPack ? 1 : 0)
  const given = isPack ? node.attributes.integer('axis', 0) : (constants.at(-1)!.floats()?.[0] ?? 0)
  const axis = given < 0 ? given + rank : given
  const lengths = parts.map(({ shape }) => (isPack ? 1 : shape[axis]!))
  const total = lengths.reduce((sum, length) => sum + length, 0)
  const shape = isPack ? first.shape.toSpliced(axis, 0, total) : first.shape.with(axis, total)
  const behind = elementCount(shape.slice(axis + 1))
  return computed(shape, parts, (arrays) => {
    const values = new Float32Array(elementCount(shape))
    for (let block = 0, at = 0; at < values.length; block++)
      for (const [i, array] of arrays.entries()) {
        const width = lengths[i]! * behind
        values.set(array.subarray(block * width, (block + 1) * width), at)
        at += width
      }
    return values
  })
}

function broadcast(a: GraphConstant, b: GraphConstant, compute: (a: number, b: number) => number): Value {
  const rank = Math.max(a.shape.length, b.shape.length)
  const [left, right] = [a, b].map(({ shape }) => [...Array<number>(rank - shape.length).fill(1), ...shape])
  const shape = left!.map((n, axis) => (n === 1 ? right![axis]! : n))
  if (shape.some((n, axis) => right![axis] !== 1 && right![axis] !== n))
    throw new Error(`it joins [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`)
  const steps = [left!, right!].map((own) =>
    own.map((n, axis) => (n === 1 ? 0 : elementCount(own.slice(axis + 1)))),
  )
  return computed(shape, [a, b], ([x, y]) =>
    Float32Array.from({ length: elementCount(shape) }, (_, i) =>
      compute(x![flatIndex(i, shape, steps[0]!)]!, y![flatIndex(i, shape, steps[1]!)]!),
    ),
  )
}

/** Where element `i` of a row-major array of `shape` lies in one with these strides. */
function flatIndex(i: number, shape: Shape, strides: readonly number[]): number {
  let [rest, at] = [i, 0]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at += (rest % shape[axis]!) * strides[axis]!
    rest = Math.floor(rest / shape[axis]!)
  }
  return at
}
