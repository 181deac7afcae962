/** @file Arrays made of a graph's constants. Their numbers are computed when they are asked for. */
import { formatShape } from '../kinds/kind.ts'
import { elementCount, type Shape } from '../network.ts'
import type { GraphConstant } from './values.ts'

/** An array of this shape whose numbers are computed from those of `from`; it takes its name from the first of them. */
function computed(
  shape: Shape,
  from: readonly GraphConstant[],
  compute: (arrays: Float32Array[]) => Float32Array,
): GraphConstant {
  const floats = (): Float32Array | null => {
    const arrays = from.map((constant) => constant.floats())
    return arrays.every((array) => array !== null) ? compute(arrays) : null
  }
  return { ...from[0]!, shape, floats }
}

export function elementwise(a: GraphConstant, compute: (a: number) => number): GraphConstant {
  return computed(a.shape, [a], ([x]) => x!.map(compute))
}

/** Shapes are matched from the last axis, as in NumPy. */
export function broadcast(
  a: GraphConstant,
  b: GraphConstant,
  compute: (a: number, b: number) => number,
): GraphConstant {
  const rank = Math.max(a.shape.length, b.shape.length)
  const [left, right] = [a, b].map(({ shape }) => [...Array<number>(rank - shape.length).fill(1), ...shape])
  const shape = left!.map((n, axis) => (n === 1 ? right![axis]! : n))
  if (shape.some((n, axis) => right![axis] !== 1 && right![axis] !== n))
    throw new Error(`it joins ${formatShape(a.shape)} and ${formatShape(b.shape)}`)
  // An axis of length 1 is read again and again.
  const [stepsOfA, stepsOfB] = [left!, right!].map((own) =>
    stridesOf(own).map((stride, axis) => (own[axis] === 1 ? 0 : stride)),
  )
  return computed(shape, [a, b], ([x, y]) =>
    Float32Array.from({ length: elementCount(shape) }, (_, i) =>
      compute(x![flatIndex(i, shape, stepsOfA!)]!, y![flatIndex(i, shape, stepsOfB!)]!),
    ),
  )
}

export function reshaped(a: GraphConstant, shape: Shape): GraphConstant {
  if (elementCount(shape) !== elementCount(a.shape))
    throw new Error(`it makes ${formatShape(shape)} of ${formatShape(a.shape)}`)
  return { ...a, shape }
}

/** The matrix or array with its axes in another order. */
export function transposed(a: GraphConstant, order: readonly number[]): GraphConstant {
  if (order.toSorted((x, y) => x - y).join() !== [...a.shape.keys()].join())
    throw new Error(`it moves axes of ${formatShape(a.shape)} to the order ${order.join(', ')}`)
  const strides = stridesOf(a.shape)
  const steps = order.map((axis) => strides[axis]!)
  const shape = order.map((axis) => a.shape[axis]!)
  return computed(shape, [a], ([x]) => x!.map((_, i) => x![flatIndex(i, shape, steps)]!))
}

/** Whole numbers or not, as many as fit before the limit. */
export function range([start, limit, step]: readonly GraphConstant[]): GraphConstant {
  const [from, to, by] = [start, limit, step].map((constant) => constant?.floats()?.[0])
  if (from === undefined || to === undefined || !by) throw new Error('it needs a start, an end and a step')
  const count = Math.max(0, Math.ceil((to - from) / by))
  return computed([count], [start!], () => Float32Array.from({ length: count }, (_, i) => from + i * by))
}

/** The parts at these indices along an axis, which is replaced by the axes of `indices`. */
export function gathered(a: GraphConstant, indices: GraphConstant, axis: number): GraphConstant {
  const [before, after] = [elementCount(a.shape.slice(0, axis)), elementCount(a.shape.slice(axis + 1))]
  const count = elementCount(indices.shape)
  return computed(a.shape.toSpliced(axis, 1, ...indices.shape), [a, indices], ([x, at]) =>
    Float32Array.from({ length: before * count * after }, (_, i) => {
      const [block, rest] = [Math.floor(i / (count * after)), i % (count * after)]
      const row = block * a.shape[axis]! + at![Math.floor(rest / after)]!
      return x![row * after + (rest % after)]!
    }),
  )
}

/** The parts have the same length along all other axes. */
export function joined(parts: readonly GraphConstant[], axis: number): GraphConstant {
  const others = new Set(parts.map(({ shape }) => shape.map((n, at) => (at === axis ? 'any' : n)).join()))
  if (others.size !== 1 || !(axis in parts[0]!.shape))
    throw new Error(
      `it joins ${parts.map(({ shape }) => formatShape(shape)).join(' and ')} along axis ${axis}`,
    )
  const lengths = parts.map(({ shape }) => shape[axis]!)
  const shape = parts[0]!.shape.with(
    axis,
    lengths.reduce((sum, length) => sum + length, 0),
  )
  const after = elementCount(shape.slice(axis + 1))
  return computed(shape, parts, (arrays) => {
    const values = new Float32Array(elementCount(shape))
    for (let block = 0, at = 0; at < values.length; block++)
      for (const [i, array] of arrays.entries()) {
        const width = lengths[i]! * after
        values.set(array.subarray(block * width, (block + 1) * width), at)
        at += width
      }
    return values
  })
}

/** Along a new axis. */
export function stacked(parts: readonly GraphConstant[], axis: number): GraphConstant {
  return joined(
    parts.map((part) => reshaped(part, part.shape.toSpliced(axis, 0, 1))),
    axis,
  )
}

/** How many elements of a row-major array lie between neighbours along each axis. */
function stridesOf(shape: Shape): readonly number[] {
  return shape.map((_, axis) => elementCount(shape.slice(axis + 1)))
}

/** The index that element `i` of a row-major array of `shape` has in an array with these strides. */
function flatIndex(i: number, shape: Shape, strides: readonly number[]): number {
  let [rest, at] = [i, 0]
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at += (rest % shape[axis]!) * strides[axis]!
    rest = Math.floor(rest / shape[axis]!)
  }
  return at
}
