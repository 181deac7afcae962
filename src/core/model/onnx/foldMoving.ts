/** @file Operators that make, move, pick or sum up the numbers of constants. */
import { formatShape } from '../kinds/kind.ts'
import { elementCount } from '../network.ts'
import {
  combined,
  computed,
  elementwise,
  expanded,
  gathered,
  givenConstant,
  joined,
  lengthsConstant,
  listOf,
  type OnnxConstant,
  permuted,
  reduced,
  reshaped,
  sliced,
} from './constants.ts'
import type { ConstantReader } from './foldElementwise.ts'
import type { NodeReading } from './nodeReading.ts'
import { axesOf, counted } from './ops/reshaping.ts'
import { sliceRanges } from './slices.ts'
import { stridesOf } from './turned.ts'

const constant: ConstantReader = ({ attributes }) => {
  for (const key of ['value', 'value_float', 'value_floats', 'value_int', 'value_ints']) {
    const found = attributes.has(key) ? attributes.constant(key) : null
    if (found) return found
  }
  throw new Error('it holds no numbers')
}

const reshape: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const given =
    reading.version < 5 ? (reading.attributes.numbers('shape') ?? []) : listOf(reading.constant(1))
  const keepsZeros = reading.attributes.flag('allowzero')
  const target = given.map((n, axis) => (n === 0 && !keepsZeros ? a.shape[axis]! : n))
  const known = elementCount(target.filter((n) => n !== -1))
  return reshaped(
    a,
    target.map((n) => (n === -1 ? elementCount(a.shape) / known : n)),
  )
}

const flatten: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const given = reading.attributes.number('axis', 1)
  const axis = given < 0 ? given + a.shape.length : given
  return reshaped(a, [elementCount(a.shape.slice(0, axis)), elementCount(a.shape.slice(axis))])
}

const squeeze: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const given = axesOf(reading, 1, 13)
  const axes = given
    ? counted(given, a.shape.length)
    : [...a.shape.keys()].filter((axis) => a.shape[axis] === 1)
  return reshaped(
    a,
    a.shape.filter((_, axis) => !axes.includes(axis)),
  )
}

const unsqueeze: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const axes = axesOf(reading, 1, 13) ?? []
  const places = counted(axes, a.shape.length + axes.length).toSorted((x, y) => x - y)
  return reshaped(
    a,
    places.reduce((shape: readonly number[], place) => shape.toSpliced(place, 0, 1), a.shape),
  )
}

const transpose: ConstantReader = (reading) => {
  const a = reading.constant(0)
  return permuted(a, reading.attributes.numbers('perm') ?? [...a.shape.keys()].toReversed())
}

const concat: ConstantReader = (reading) => {
  const parts = reading.inputs.map((_, i) => reading.constant(i))
  // The first one has to be there.
  const [axis] = counted([reading.attributes.number('axis', 1)], reading.constant(0).shape.length)
  return joined(parts, axis!)
}

const split: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const [axis] = counted([reading.attributes.number('axis', 0)], a.shape.length)
  const given = reading.version < 13 ? reading.attributes.numbers('split') : reading.list(1)
  const count = reading.attributes.number('num_outputs', reading.node.outputs.length)
  const each = Math.ceil(a.shape[axis!]! / count)
  const lengths = given ?? Array.from({ length: count }, (_, i) => Math.min(each, a.shape[axis!]! - i * each))
  let start = 0
  return lengths.map((length) => {
    const ranges = a.shape.map((n, at) =>
      at === axis ? { start, step: 1, count: length } : { start: 0, step: 1, count: n },
    )
    start += length
    return sliced(a, ranges)
  })
}

const gather: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const [axis] = counted([reading.attributes.number('axis', 0)], a.shape.length)
  return gathered(a, reading.constant(1), axis!)
}

const expand: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const target = listOf(reading.constant(1))
  const rank = Math.max(target.length, a.shape.length)
  const shape = Array.from({ length: rank }, (_, axis) =>
    Math.max(target[axis - rank + target.length] ?? 1, a.shape[axis - rank + a.shape.length] ?? 1),
  )
  return expanded(a, shape)
}

const tile: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const repeats = listOf(reading.constant(1))
  // Each axis as two, of which the first is repeated.
  const apart = reshaped(
    a,
    a.shape.flatMap((n) => [1, n]),
  )
  const full = a.shape.flatMap((n, axis) => [repeats[axis]!, n])
  return reshaped(
    expanded(apart, full),
    a.shape.map((n, axis) => n * repeats[axis]!),
  )
}

const constantOfShape: ConstantReader = (reading) => {
  const value = reading.attributes.constant('value')
  const shape = listOf(reading.constant(0))
  return computed(shape, value?.type ?? 'float32', value ? [value] : [], ([one]) =>
    new Float64Array(elementCount(shape)).fill(one?.[0] ?? 0),
  )
}

/** More numbers than any map has rows or columns. */
const mostInRange = 1 << 24

const range: ConstantReader = (reading) => {
  const [start, limit, step] = [0, 1, 2].map((i) => reading.constant(i).numbers()[0]!) as [
    number,
    number,
    number,
  ]
  const count = Math.max(0, Math.ceil((limit - start) / step))
  if (!(count <= mostInRange)) throw new Error(`it counts ${count} numbers`)
  return computed([count], reading.constant(0).type, [reading.constant(0)], () =>
    Float64Array.from({ length: count }, (_, i) => start + i * step),
  )
}

/** The sum so far, along an axis. */
const cumulativeSum: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const [axis] = counted([reading.constant(1).numbers()[0]!], a.shape.length)
  for (const key of ['exclusive', 'reverse'])
    if (reading.attributes.flag(key)) reading.attributes.refuse(key, 1)
  const [step, length] = [stridesOf(a.shape)[axis!]!, a.shape[axis!]!]
  return computed(a.shape, a.type, [a], ([x]) => {
    const sums = x!.slice()
    for (let i = 0; i < sums.length; i++) if (Math.floor(i / step) % length > 0) sums[i]! += sums[i - step]!
    return sums
  })
}

/** Keeps what lies on one side of a diagonal of the last two axes, and that itself; the rest becomes 0. */
const triangle: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const isUpper = reading.attributes.flag('upper', true)
  const shift = reading.inputs[1] ? reading.constant(1).numbers()[0]! : 0
  const [rows, columns] = a.shape.slice(-2) as [number, number]
  return computed(a.shape, a.type, [a], ([x]) =>
    x!.map((n, i) => {
      const right = (i % columns) - (Math.floor(i / columns) % rows) - shift
      return (isUpper ? right >= 0 : right <= 0) ? n : 0
    }),
  )
}

/** Numbers put at places, each of which is a list of indices. */
const scatter: ConstantReader = (reading) => {
  const [a, places, updates] = [0, 1, 2].map((i) => reading.constant(i)) as [
    OnnxConstant,
    OnnxConstant,
    OnnxConstant,
  ]
  const how = reading.attributes.text('reduction', 'none')
  if (how !== 'none') reading.attributes.refuse('reduction', how)
  const depth = places.shape.at(-1)!
  const strides = stridesOf(a.shape)
  const size = elementCount(a.shape.slice(depth))
  return computed(a.shape, a.type, [a, places, updates], ([x, at, values]) => {
    const result = x!.slice()
    for (let i = 0; i * depth < at!.length; i++) {
      const start = placeOf(at!.subarray(i * depth, (i + 1) * depth), a.shape, strides)
      result.set(values!.subarray(i * size, (i + 1) * size), start)
    }
    return result
  })
}

/** The elements, or slices, at places that the last axis of the indices counts. */
const gatherPlaces: ConstantReader = (reading) => {
  if (reading.attributes.number('batch_dims', 0) !== 0) reading.attributes.refuse('batch_dims', 1)
  const [a, places] = [reading.constant(0), reading.constant(1)]
  const depth = places.shape.at(-1)!
  const rest = a.shape.slice(depth)
  const strides = stridesOf(a.shape)
  const size = elementCount(rest)
  return computed([...places.shape.slice(0, -1), ...rest], a.type, [a, places], ([x, at]) => {
    const result = new Float64Array((at!.length / depth) * size)
    for (let i = 0; i * depth < at!.length; i++) {
      const start = placeOf(at!.subarray(i * depth, (i + 1) * depth), a.shape, strides)
      result.set(x!.subarray(start, start + size), i * size)
    }
    return result
  })
}

/** Where an index of several axes is in memory; negative ones count from the end. */
function placeOf(index: Float64Array, shape: readonly number[], strides: readonly number[]): number {
  return index.reduce((sum, n, axis) => sum + (n < 0 ? n + shape[axis]! : n) * strides[axis]!, 0)
}

const matMul: ConstantReader = (reading) => {
  const [a, b] = [reading.constant(0), reading.constant(1)]
  const [depth, columns] = b.shape as [number, number]
  if (b.shape.length !== 2 || a.shape.at(-1) !== depth)
    throw new Error(`it multiplies constants of ${formatShape(a.shape)} and ${formatShape(b.shape)}`)
  const shape = [...a.shape.slice(0, -1), columns]
  const rows = elementCount(a.shape.slice(0, -1))
  return computed(shape, a.type, [a, b], ([x, y]) => {
    const product = new Float64Array(rows * columns)
    for (let i = 0; i < rows; i++)
      for (let k = 0; k < depth; k++)
        for (let j = 0; j < columns; j++)
          product[i * columns + j]! += x![i * depth + k]! * y![k * columns + j]!
    return product
  })
}

/** Along one axis, as position encodings of attention are computed; below version 13 along all axes from it on. */
const softmax: ConstantReader = (reading) => {
  const a = reading.constant(0)
  const rank = a.shape.length
  const [axis] = counted([reading.attributes.number('axis', reading.version < 13 ? 1 : -1)], rank)
  const axes = reading.version < 13 ? [...a.shape.keys()].slice(axis) : [axis!]
  const most = reduced(a, axes, Number.NEGATIVE_INFINITY, Math.max)
  const powers = combined([a, most], a.type, (n, max) => Math.exp(n! - max!))
  const sums = reduced(powers, axes, 0, plus)
  return combined([powers, sums], a.type, (n, sum) => n! / sum!)
}

/** Of weights that are standardized: with statistics of their own in training mode, else with those that are given. */
const batchNorm: ConstantReader = (reading) => {
  const { attributes } = reading
  const from = [0, 1, 2, 3, 4].map((i) => reading.constant(i))
  const [a] = from as [OnnxConstant]
  const epsilon = attributes.number('epsilon', 1e-5)
  const training = attributes.flag('training_mode')
  const [channels, inner] = [a.shape[1]!, elementCount(a.shape.slice(2))]
  return computed(a.shape, a.type, from, ([x, scale, bias, means, variances]) => {
    const channelOf = (i: number): number => Math.floor(i / inner) % channels
    const meanOf = (values: Float64Array): Float64Array => {
      const sums = new Float64Array(channels)
      for (let i = 0; i < values.length; i++) sums[channelOf(i)]! += values[i]!
      return sums.map((sum) => (sum * channels) / values.length)
    }
    const mean = training ? meanOf(x!) : means!
    const variance = training ? meanOf(x!.map((n, i) => (n - mean[channelOf(i)]!) ** 2)) : variances!
    return x!.map((n, i) => {
      const c = channelOf(i)
      return ((n - mean[c]!) / Math.sqrt(variance[c]! + epsilon)) * scale![c]! + bias![c]!
    })
  })
}

/** What is done with the numbers along the axes: begun with, added, and at the end with their count. */
interface Reducing {
  readonly start: number
  readonly add: (sum: number, n: number) => number
  readonly end?: (sum: number, count: number) => number
}

const reduce =
  ({ start, add, end }: Reducing, axesAreInputSince: number): ConstantReader =>
  (reading: NodeReading) => {
    const a = reading.constant(0)
    const given = axesOf(reading, 1, axesAreInputSince)
    if (reading.attributes.flag('noop_with_empty_axes') && !given) return a
    const axes = counted(given ?? [...a.shape.keys()], a.shape.length)
    const sum = reduced(a, axes, start, add)
    const count = elementCount(axes.map((axis) => a.shape[axis]!))
    const result = end ? elementwise(sum, (n) => end(n, count)) : sum
    if (reading.attributes.flag('keepdims', true)) return result
    return reshaped(
      result,
      result.shape.filter((_, axis) => !axes.includes(axis)),
    )
  }

const plus = (a: number, b: number): number => a + b

/** By the name of the operator. */
export const movingConstants: Readonly<Record<string, ConstantReader>> = {
  Constant: constant,
  Shape: (reading) => {
    const { shape } = reading.constant(0)
    const [start, end] = [
      reading.attributes.number('start', 0),
      reading.attributes.number('end', shape.length),
    ]
    return lengthsConstant(shape.slice(start, end))
  },
  Size: (reading) => givenConstant('', [], [elementCount(reading.constant(0).shape)], 'int64'),
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Split: split,
  Slice: (reading) => sliced(reading.constant(0), sliceRanges(reading, reading.constant(0).shape)),
  Gather: gather,
  Expand: expand,
  Tile: tile,
  Trilu: triangle,
  ConstantOfShape: constantOfShape,
  Range: range,
  CumSum: cumulativeSum,
  ScatterND: scatter,
  Softmax: softmax,
  GatherND: gatherPlaces,
  MatMul: matMul,
  BatchNormalization: batchNorm,
  ReduceMean: reduce({ start: 0, add: plus, end: (sum, count) => sum / count }, 18),
  ReduceSum: reduce({ start: 0, add: plus }, 13),
  ReduceMax: reduce({ start: Number.NEGATIVE_INFINITY, add: Math.max }, 18),
  ReduceMin: reduce({ start: Number.POSITIVE_INFINITY, add: Math.min }, 18),
  ReduceProd: reduce({ start: 1, add: (a, b) => a * b }, 18),
  ReduceL2: reduce({ start: 0, add: (sum, n) => sum + n * n, end: Math.sqrt }, 18),
}
