/**
 * @file The arrays of a file, and those that are computed from them when the model is opened: weights that are transposed or
 * folded, and the shapes that exporters compute. Shapes and types are known at once, numbers are computed when they are asked
 * for: in double precision, in which a length or an index of any size is exact.
 */
import type { GraphConstant } from '../dataflow/values.ts'
import { formatShape } from '../kinds/kind.ts'
import { elementCount, type Shape } from '../network.ts'
import type { StoredTensor } from './tensorProto.ts'
import { stridesOf, type Turned, turnedFloats } from './turned.ts'

export interface OnnxConstant extends GraphConstant {
  /** Throws a plain Error for a type that is not read as numbers. */
  numbers(): Float64Array
  /** A large array is turned as it is read, so that it is not in memory twice. */
  floats(turned?: Turned): Float32Array | null
}

/** Those that are asked for again and again: lengths, axes, indices. */
const fewNumbers = 4096

export function storedConstant(tensor: StoredTensor): OnnxConstant {
  const { name, shape, type } = tensor
  const numbers = once(shape, () => {
    const values = tensor.numbers()
    if (!values) throw new Error(`the array "${name}" holds numbers of type ${type}`)
    return values
  })
  return { name, shape, type, numbers, floats: (turned) => tensor.floats(turned) }
}

export function givenConstant(
  name: string,
  shape: Shape,
  values: readonly number[],
  type: string,
): OnnxConstant {
  return {
    name,
    shape,
    type,
    numbers: () => Float64Array.from(values),
    floats: (turned) => turnedFloats(Float32Array.from(values), turned),
  }
}

/** Lengths of shapes, as `Shape` gives them. */
export function lengthsConstant(values: readonly number[]): OnnxConstant {
  return givenConstant('', [values.length], values, 'int64')
}

/** An array of this shape and type; takes its name from the first of those that it is computed from. */
export function computed(
  shape: Shape,
  type: string,
  from: readonly OnnxConstant[],
  compute: (arrays: readonly Float64Array[]) => Float64Array,
): OnnxConstant {
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0))
    throw new Error('what it makes has no shape')
  const numbers = once(shape, () => compute(from.map((constant) => constant.numbers())))
  const name = from.find((constant) => constant.name !== '')?.name ?? ''
  const floats = (turned?: Turned): Float32Array => turnedFloats(new Float32Array(numbers()), turned)
  return { name, shape, type, numbers, floats }
}

/** Keeps the numbers if they are few. */
function once(shape: Shape, compute: () => Float64Array): () => Float64Array {
  if (elementCount(shape) > fewNumbers) return compute
  let kept: Float64Array | null = null
  return () => (kept ??= compute())
}

export function isWhole({ type }: OnnxConstant): boolean {
  return /^(u?int|bool)/.test(type)
}

/** Whole numbers that say how: axes, lengths, indices. */
export function listOf(constant: OnnxConstant): readonly number[] {
  if (elementCount(constant.shape) > fewNumbers)
    throw new Error(`it needs a short list of numbers, not ${formatShape(constant.shape)}`)
  return [...constant.numbers()]
}

export function elementwise(
  a: OnnxConstant,
  compute: (a: number) => number,
  type: string = a.type,
): OnnxConstant {
  return computed(a.shape, type, [a], ([x]) => x!.map(compute))
}

/** The shape that all of these have together, matched from the last axis as in NumPy. */
export function broadcastShape(shapes: readonly Shape[]): Shape {
  const rank = Math.max(...shapes.map(({ length }) => length))
  return Array.from({ length: rank }, (_, axis) => {
    const lengths = shapes.map((shape) => shape[axis - rank + shape.length] ?? 1)
    const length = lengths.find((n) => n !== 1) ?? 1
    if (lengths.some((n) => n !== 1 && n !== length))
      throw new Error(`it joins ${shapes.map(formatShape).join(' and ')}, which differ`)
    return length
  })
}

/** Element by element, with broadcasting. */
export function combined(
  from: readonly OnnxConstant[],
  type: string,
  compute: (...numbers: number[]) => number,
): OnnxConstant {
  const shape = broadcastShape(from.map((constant) => constant.shape))
  const steps = from.map((constant) => broadcastSteps(constant.shape, shape))
  return computed(shape, type, from, (arrays) => {
    const indices = steps.map((own) => indicesOf(shape, own))
    const numbers = arrays.map(() => 0)
    return Float64Array.from({ length: elementCount(shape) }, (_, i) => {
      for (let j = 0; j < arrays.length; j++) numbers[j] = arrays[j]![indices[j]![i]!]!
      return compute(...numbers)
    })
  })
}

/** An axis of length 1 is read again and again. */
function broadcastSteps(own: Shape, shape: Shape): readonly number[] {
  const full = [...Array<number>(shape.length - own.length).fill(1), ...own]
  return stridesOf(full).map((stride, axis) => (full[axis] === 1 ? 0 : stride))
}

export function expanded(a: OnnxConstant, shape: Shape): OnnxConstant {
  const steps = broadcastSteps(a.shape, shape)
  return computed(shape, a.type, [a], ([x]) => picked(x!, indicesOf(shape, steps)))
}

export function reshaped(a: OnnxConstant, shape: Shape): OnnxConstant {
  if (elementCount(shape) !== elementCount(a.shape))
    throw new Error(`it makes ${formatShape(shape)} of ${formatShape(a.shape)}`)
  return { ...a, shape }
}

/** With its axes in another order: axis `i` of the result is axis `order[i]`. */
export function permuted(a: OnnxConstant, order: readonly number[]): OnnxConstant {
  if (order.every((axis, i) => axis === i)) return a
  const strides = stridesOf(a.shape)
  const shape = order.map((axis) => a.shape[axis]!)
  const steps = order.map((axis) => strides[axis]!)
  const values = computed(shape, a.type, [a], ([x]) => picked(x!, indicesOf(shape, steps)))
  return {
    ...values,
    floats(turned) {
      const floats = a.floats({ shape: a.shape, order })
      return floats && turnedFloats(floats, turned)
    },
  }
}

/** The elements at these places of an axis, which is replaced by the axes of `indices`. */
export function gathered(a: OnnxConstant, indices: OnnxConstant, axis: number): OnnxConstant {
  const length = a.shape[axis]!
  const shape = a.shape.toSpliced(axis, 1, ...indices.shape)
  const [before, after] = [elementCount(a.shape.slice(0, axis)), elementCount(a.shape.slice(axis + 1))]
  return computed(shape, a.type, [a, indices], ([x, at]) => {
    const values = new Float64Array(before * at!.length * after)
    let to = 0
    for (let block = 0; block < before; block++)
      for (const index of at!) {
        const row = block * length + (index < 0 ? index + length : index)
        values.set(x!.subarray(row * after, (row + 1) * after), to)
        to += after
      }
    return values
  })
}

/** Every `step`th from `start` on, `count` of them, along each axis. */
export interface AxisSlice {
  readonly start: number
  readonly step: number
  readonly count: number
}

export function sliced(a: OnnxConstant, slices: readonly AxisSlice[]): OnnxConstant {
  const strides = stridesOf(a.shape)
  const shape = slices.map(({ count }) => count)
  const first = slices.reduce((sum, { start }, axis) => sum + start * strides[axis]!, 0)
  const steps = slices.map(({ step }, axis) => step * strides[axis]!)
  return computed(shape, a.type, [a], ([x]) => picked(x!, indicesOf(shape, steps, first)))
}

/** Along an axis that is there; the parts have the same lengths along all others. */
export function joined(parts: readonly OnnxConstant[], axis: number): OnnxConstant {
  const [first] = parts
  if (parts.some(({ shape }) => shape.toSpliced(axis, 1).join() !== first!.shape.toSpliced(axis, 1).join()))
    throw new Error(
      `it joins ${parts.map(({ shape }) => formatShape(shape)).join(' and ')}, which differ in size`,
    )
  const length = parts.reduce((sum, { shape }) => sum + shape[axis]!, 0)
  const shape = first!.shape.with(axis, length)
  const after = elementCount(shape.slice(axis + 1))
  return computed(shape, first!.type, parts, (arrays) => {
    const values = new Float64Array(elementCount(shape))
    for (let block = 0, to = 0; to < values.length; block++)
      for (const [i, array] of arrays.entries()) {
        const width = parts[i]!.shape[axis]! * after
        values.set(array.subarray(block * width, (block + 1) * width), to)
        to += width
      }
    return values
  })
}

/** One number for all elements along `axes`, which stay as axes of length 1. */
export function reduced(
  a: OnnxConstant,
  axes: readonly number[],
  start: number,
  add: (sum: number, n: number) => number,
): OnnxConstant {
  const shape = a.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
  const steps = broadcastSteps(shape, a.shape)
  return computed(shape, a.type, [a], ([x]) => {
    const values = new Float64Array(elementCount(shape)).fill(start)
    const places = indicesOf(a.shape, steps)
    for (let i = 0; i < x!.length; i++) values[places[i]!] = add(values[places[i]!]!, x![i]!)
    return values
  })
}

/** Where each element of a row-major array of `shape` lies in an array with these steps from one to the next. */
export function indicesOf(shape: Shape, steps: readonly number[], first = 0): Int32Array {
  const indices = new Int32Array(elementCount(shape))
  if (indices.length === 0) return indices
  // Each axis, from the last, repeats what is there already.
  indices[0] = first
  let filled = 1
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    for (let n = 1; n < shape[axis]!; n++)
      for (let i = 0; i < filled; i++) indices[n * filled + i] = indices[i]! + n * steps[axis]!
    filled *= shape[axis]!
  }
  return indices
}

function picked(values: Float64Array, indices: Int32Array): Float64Array {
  const result = new Float64Array(indices.length)
  for (let i = 0; i < indices.length; i++) result[i] = values[indices[i]!]!
  return result
}
