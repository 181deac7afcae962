/** @file Products of matrices of a file in the network: which parts of each operand count the matrices, and what is summed over. */
import { formatShape } from '../kinds/kind.ts'
import { batchFactor } from '../kinds/matMul.ts'
import { elementCount, type Factor, type MatMul, type Shape } from '../network.ts'
import type { OnnxConstant } from './constants.ts'
import type { NodeReading } from './nodeReading.ts'
import type { OnnxTensor } from './values.ts'
import { dimsOf, memoryAxes, type View } from './views.ts'

/** The axes of an operand, counted as in the file, by what they are for; each list in the order in which it is counted. */
export interface Axes {
  readonly batch: readonly number[]
  readonly outer: readonly number[]
  readonly inner: readonly number[]
}

export type Operand = OnnxTensor | OnnxConstant

/** The product; `dims` says for each axis of the file's result what it is: an axis of the operands, or one of length 1. */
export type ResultAxis = {
  readonly of: keyof Axes
  readonly side: 'first' | 'second'
  readonly at: number
} | null

/** A part of the result. `isPlace`: it counts rows or columns of a map, or tokens, and no channels. */
interface Part {
  readonly length: number
  /** The axis of memory of its operand. */
  readonly place: number
  readonly isPlace: boolean
  readonly isRows: boolean
  readonly isColumns: boolean
  readonly isConstant: boolean
}

/** `axes` are those of the operands, `result` what each axis of the product is made of. */
export function productOf(
  reading: NodeReading,
  [a, b]: readonly [Operand, Operand],
  [axesA, axesB]: readonly [Axes, Axes],
  result: readonly ResultAxis[],
): OnnxTensor {
  const both = isTensor(a) && isTensor(b)
  const [left, right] = [sideOf(a, axesA, both), sideOf(b, axesB, both)]
  const [first, second] = [left.factor, right.factor]
  const batch = batchFactor(first, second)
  const ofTensors: Part[] = [
    ...(batch === first ? left : right).partsOf('batch'),
    ...left.partsOf('outer'),
    ...right.partsOf('outer', true),
  ]
  const parts = inPlaceOf([...left.partsOf('inner'), ...right.partsOf('inner')], ofTensors)
  const { order, target } = inMemory(parts)
  const side = isTensor(a) ? (isTensor(b) ? null : 'second') : 'first'
  const constant = isTensor(a) ? (isTensor(b) ? null : b) : a
  const op: MatMul = {
    kind: 'matMul',
    first,
    second,
    constant: side && constant ? { side, shape: constant.shape } : null,
    order,
    target,
  }
  const value = reading.layer(op, [a, b].filter(isTensor), [], constant ? [constant] : [])
  const view = resultView(reading.batch, op, [left, right], result, parts)
  return { ...value, view, ...(parts.some(({ isPlace }) => isPlace) ? {} : { placeless: true as const }) }
}

/** Those of a constant are where what it sums over was. */
function inPlaceOf(inner: readonly Part[], parts: readonly Part[]): readonly Part[] {
  const summed = inner.find(({ isConstant }) => !isConstant)
  return parts.map((part) =>
    part.isConstant && summed ? { ...summed, length: part.length, isConstant: true } : part,
  )
}

export function isTensor(operand: Operand): operand is OnnxTensor {
  return 'kind' in operand
}

export function operandOf({ inputs }: NodeReading, index: number): Operand {
  const value = inputs[index]
  if (!value) throw new Error(`it has no input ${index}`)
  return value.kind === 'tensor' ? value : value.constant
}

/** Which operand says what the axes are that count matrices: the other may be the same for all of them. */
export function batchSide(
  [a]: readonly [Operand, Operand],
  [axes]: readonly [Axes, Axes],
): 'first' | 'second' {
  const dims = dimsOfOperand(a)
  return elementCount(axes.batch.map((axis) => dims[axis]!)) === 1 ? 'second' : 'first'
}

export function dimsOfOperand(operand: Operand): readonly number[] {
  return isTensor(operand) ? dimsOf(operand.view) : operand.shape
}

interface Side {
  readonly factor: Factor
  /** By axis of the file, the parts of the factor that it is made of. */
  readonly lists: readonly (readonly number[])[]
  partsOf(role: keyof Axes, isColumns?: boolean): readonly Part[]
}

/** `both`: the other operand depends on the image, too, so that each image has to be multiplied with its own. */
function sideOf(operand: Operand, axes: Axes, both: boolean): Side {
  const { view, shape } = isTensor(operand) ? operand : constantView(operand)
  const apart = both ? axes.batch : [...axes.batch, ...axes.outer]
  if (view.parts[0] !== 1 && view.axes.some((list, axis) => list.includes(0) && !apart.includes(axis)))
    throw new Error('it mixes images of the batch')
  // A single image says nothing; all other parts count one less without it.
  const lists = view.axes.map((list) => list.filter((part) => part !== 0).map((part) => part - 1))
  const places = memoryAxes(view, shape).slice(1)
  const partsIn = (role: keyof Axes): readonly number[] => axes[role].flatMap((axis) => lists[axis]!)
  const factor = {
    split: view.parts.slice(1),
    batch: partsIn('batch'),
    outer: partsIn('outer'),
    inner: partsIn('inner'),
  }
  return {
    factor,
    lists,
    partsOf: (role, isColumns = false) =>
      factor[role].map((part) => ({
        length: factor.split[part]!,
        place: places[part]!,
        // Behind rows and columns are channels, and what places are compared with.
        isPlace: isTensor(operand) && !operand.placeless && places[part]! < Math.min(shape.length - 1, 2),
        isRows: role === 'outer' && !isColumns,
        isColumns,
        isConstant: !isTensor(operand),
      })),
  }
}

function constantView({ shape }: OnnxConstant): { readonly view: View; readonly shape: Shape } {
  const parts = [1]
  const axes = shape.map((length) => (length === 1 ? [] : [parts.push(length) - 1]))
  return { view: { parts, axes }, shape }
}

/**
 * Places stay where they are, so that units do; what has none is a channel. Columns beside rows that are places are what each
 * place is compared with, and lie innermost, apart from the channels.
 */
function inMemory(parts: readonly Part[]): { readonly order: readonly number[]; readonly target: Shape } {
  const hasRows = parts.some(({ isPlace, isColumns, isConstant }) => isPlace && !isColumns && !isConstant)
  const compared = (part: Part): boolean => part.isColumns && part.isPlace && hasRows
  const rank = (part: Part): number => {
    if (compared(part)) return 2
    return part.isPlace ? 0 : 1
  }
  const order = [...parts.keys()].toSorted((i, j) => {
    const [a, b] = [parts[i]!, parts[j]!]
    return rank(a) - rank(b) || (rank(a) === 0 ? a.place - b.place : 0) || i - j
  })
  const lengths = (wanted: (part: Part) => boolean): number =>
    elementCount(parts.filter(wanted).map(({ length }) => length))
  const places = parts.filter((part) => rank(part) === 0)
  const axes = [...new Set(places.map(({ place }) => place))].toSorted((a, b) => a - b)
  const spatial = axes.map((axis) => lengths((part) => rank(part) === 0 && part.place === axis))
  const channels = lengths((part) => rank(part) === 1)
  const columns = parts.filter(({ isColumns }) => isColumns)
  const isMatrix = spatial.length === 0 && parts.some((part) => part.isRows) && columns.length > 0
  if (isMatrix) {
    const inner = elementCount(columns.map(({ length }) => length))
    return { order, target: [1, 1, channels / inner, inner] }
  }
  if (!parts.some(compared)) return { order, target: [...spatial, channels] }
  // Four axes, as this is no map that could be looked at.
  return {
    order,
    target: [...spatial, ...Array<number>(2 - spatial.length).fill(1), channels, lengths(compared)],
  }
}

/** The file's axes of the result, in which parts lie in the order of memory. */
function resultView(
  batch: number,
  { first, second, order }: MatMul,
  [left, right]: readonly [Side, Side],
  result: readonly ResultAxis[],
  parts: readonly Part[],
): View {
  const counting = batchFactor(first, second) === first ? left : right
  const sources: [Side, number][] = [
    ...counting.factor.batch.map((part): [Side, number] => [counting, part]),
    ...first.outer.map((part): [Side, number] => [left, part]),
    ...second.outer.map((part): [Side, number] => [right, part]),
  ]
  const axes = result.map((axis, i) => {
    const own = i === 0 ? [0] : []
    if (axis === null) return own
    const side = axis.of === 'batch' ? counting : axis.side === 'first' ? left : right
    const list = side.lists[axis.at]!.map((part) => {
      const source = sources.findIndex(([one, at]) => one === side && at === part)
      return order.indexOf(source) + 1
    })
    return [...own, ...list]
  })
  return { parts: [batch, ...order.map((part) => parts[part]!.length)], axes }
}

/** Axes as `MatMul` counts them: the last two are the matrix, those before count matrices. */
export function matMulAxes(rank: number, side: 'first' | 'second'): Axes {
  const batch = Array.from({ length: Math.max(rank - 2, 0) }, (_, axis) => axis)
  const [rows, columns] = [rank - 2, rank - 1]
  return side === 'first'
    ? { batch, outer: [rows], inner: [columns] }
    : { batch, outer: [columns], inner: [rows] }
}

/** The product of `MatMul`. Throws if one operand has to be repeated for some matrices of the other. */
export function matMulOf(reading: NodeReading, a: Operand, b: Operand): OnnxTensor {
  const [dimsA, dimsB] = [dimsOfOperand(a), dimsOfOperand(b)]
  if (dimsA.length < 2 || dimsB.length < 2)
    throw new Error(`it multiplies ${formatShape(dimsA)} with ${formatShape(dimsB)}`)
  const axes = [matMulAxes(dimsA.length, 'first'), matMulAxes(dimsB.length, 'second')] as const
  const counts = [elementCount(dimsA.slice(0, -2)), elementCount(dimsB.slice(0, -2))]
  const batchOf = batchSide([a, b], axes)
  const rank = Math.max(dimsA.length, dimsB.length)
  const own = batchOf === 'first' ? dimsA.length : dimsB.length
  const long = (dims: readonly number[]): string =>
    dims
      .slice(0, -2)
      .filter((n) => n !== 1)
      .join()
  if (Math.min(...counts) > 1 && long(dimsA) !== long(dimsB))
    throw new Error(
      `it multiplies ${formatShape(dimsA)} with ${formatShape(dimsB)}, one of which is repeated`,
    )
  const batch = Array.from({ length: rank - 2 }, (_, i): ResultAxis => {
    const at = i - (rank - own)
    return at < 0 ? null : { of: 'batch', side: batchOf, at }
  })
  return productOf(reading, [a, b], axes, [
    ...batch,
    { of: 'outer', side: 'first', at: dimsA.length - 2 },
    { of: 'outer', side: 'second', at: dimsB.length - 1 },
  ])
}
