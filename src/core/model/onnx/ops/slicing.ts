/** @file Parts of a tensor: Slice, Split and Gather of rows, columns and channels. */
import { formatShape } from '../../kinds/kind.ts'
import { elementCount, type Operation } from '../../network.ts'
import { type AxisSlice, listOf, type OnnxConstant } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { sliceRanges } from '../slices.ts'
import { type OnnxTensor, usualGroups } from '../values.ts'
import { dimsOf, isByImage, memoryAxes, reshapedView, squeezedView, type View } from '../views.ts'
import { counted } from './reshaping.ts'

/** The tensor cut to these ranges, axis by axis; the last layer has the name of the node, or of its output. */
export function cut(
  reading: NodeReading,
  tensor: OnnxTensor,
  ranges: readonly AxisSlice[],
  output: string | null,
): OnnxTensor {
  const dims = dimsOf(tensor.view)
  if (ranges.some(({ count }) => count < 1)) throw new Error('nothing is left')
  for (const [axis, { start, step, count }] of ranges.entries())
    refuseBeyond([start, start + (count - 1) * step], dims[axis]!)
  const cuts = [...ranges.keys()].filter((axis) => {
    const { start, step, count } = ranges[axis]!
    return start !== 0 || step !== 1 || count !== dims[axis]
  })
  return cuts.reduce(
    (value, axis, i) =>
      cutAxis(reading, value, axis, ranges[axis]!, i < cuts.length - 1 ? `axis ${axis}` : output),
    tensor,
  )
}

function refuseBeyond(places: readonly number[], length: number): void {
  const beyond = places.find((place) => !(Number.isInteger(place) && place >= 0 && place < length))
  if (beyond !== undefined)
    throw new Error(
      Number.isInteger(beyond) ? `it takes place ${beyond} of ${length}` : 'it takes places that are none',
    )
}

function cutAxis(
  reading: NodeReading,
  tensor: OnnxTensor,
  axis: number,
  range: AxisSlice,
  part: string | null,
): OnnxTensor {
  const settled = withWholeAxis(reading, tensor, axis)
  const { view, shape } = settled
  const own = partsAlong(view, axis)
  if (own.length === 0 || own.includes(0)) throw new Error('it takes some images of the batch')
  const along = memoryAxes(view, shape)[own[0]!]!
  // Each place of the axis is so many channels, side by side, if others are within it.
  const each = shape[along]! / elementCount(own.map((one) => view.parts[one]!))
  const value = reading.layer(cutting(range, along, each, shape.length), [settled], [], [], { part })
  return { ...value, view: withLength(view, own, range.count) }
}

/** `each`: so many channels are one place of the axis. */
function cutting({ start, step, count }: AxisSlice, axis: number, each: number, rank: number): Operation {
  const isChannels = axis === rank - 1
  if (isChannels && step === 1) return { kind: 'sliceChannels', start: start * each, size: count * each }
  if (each === 1) return { kind: 'slice', axis, start, step, count }
  const channels = Array.from(
    { length: count * each },
    (_, i) => (start + Math.floor(i / each) * step) * each + (i % each),
  )
  return { kind: 'takeChannels', channels }
}

/** The parts of an axis, but a single image. */
function partsAlong({ parts, axes }: View, axis: number): readonly number[] {
  return axes[axis]!.filter((part) => part !== 0 || parts[0] !== 1)
}

/** A layer in which the file's axis is one of memory, or the outer part of its channels. */
function withWholeAxis(reading: NodeReading, tensor: OnnxTensor, axis: number): OnnxTensor {
  const { view, shape } = tensor
  const own = partsAlong(view, axis)
  const places = memoryAxes(view, shape)
  const whole = [...places.keys()].filter((part) => part > 0 && places[part] === places[own[0] ?? 0])
  if (own.length > 0 && own.join() === whole.join()) return tensor
  const isChannels = own.length > 0 && own.every((part) => places[part] === shape.length - 1)
  if (!isChannels) return inOneAxis(reading, tensor, axis)
  const others = [...places.keys()].filter((part) => part > 0 && !own.includes(part))
  const isOuter = (part: number): boolean => places[part]! < shape.length - 1
  const order = [...others.filter(isOuter), ...own, ...others.filter((part) => !isOuter(part))]
  return reading.reordered(tensor, order, shape)
}

/** A layer in which the axis is one of memory: apart from what lies within the same axis, or with all axes in their usual order. */
function inOneAxis(reading: NodeReading, tensor: OnnxTensor, axis: number): OnnxTensor {
  const { view, shape } = tensor
  const places = memoryAxes(view, shape)
  const own = partsAlong(view, axis)
  const isSideBySide = own.every((part, i) => places[part] === places[own[0]!] && part === own[0]! + i)
  if (own.length > 0 && isSideBySide && !isByImage(view)) return reading.apart(tensor, [axis])
  return reading.arranged(tensor, usualGroups(tensor))
}

/** With these parts, which lie side by side, as one of another length. */
export function withLength({ parts, axes }: View, own: readonly number[], length: number): View {
  const [first] = own
  const gone = length === 1 ? own : own.slice(1)
  const kept = [...parts.keys()].filter((part) => !gone.includes(part))
  return {
    parts: kept.map((part) => (part === first ? length : parts[part]!)),
    axes: axes.map((list) => list.filter((part) => !gone.includes(part)).map((part) => kept.indexOf(part))),
  }
}

const slice: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  return cut(reading, tensor, sliceRanges(reading, dimsOf(tensor.view)), null)
}

/** Lengths are an attribute up to version 12, then an input; without them parts are equal, but for the last. */
const split: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const dims = dimsOf(tensor.view)
  const [axis] = counted([reading.attributes.number('axis', 0)], dims.length)
  const given = reading.version < 13 ? reading.attributes.numbers('split') : reading.list(1)
  const count = reading.attributes.number('num_outputs', reading.node.outputs.length)
  const each = Math.ceil(dims[axis!]! / count)
  const lengths = given ?? Array.from({ length: count }, (_, i) => Math.min(each, dims[axis!]! - i * each))
  let start = 0
  return lengths.map((length, i) => {
    const ranges = dims.map((n, at): AxisSlice => {
      return at === axis ? { start, step: 1, count: length } : { start: 0, step: 1, count: n }
    })
    start += length
    return cut(reading, tensor, ranges, i === 0 ? null : `:${i}`)
  })
}

const gather: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const dims = dimsOf(tensor.view)
  const [axis] = counted([reading.attributes.number('axis', 0)], dims.length)
  const indices = reading.constant(1)
  const length = dims[axis!]!
  const shape = dims.toSpliced(axis!, 1, ...indices.shape)
  const numbers = elementCount(indices.shape) === length ? indices.numbers() : null
  // As `as_strided` of PyTorch is written where it changes nothing.
  if (numbers?.every((index, i) => index === i)) {
    const view = reshapedView(tensor.view, shape)
    if (view) return { ...tensor, view }
  }
  const range = rangeOfIndices(listOf(indices).map((index) => (index < 0 ? index + length : index)))
  if (!range) return channelsAt(reading, tensor, axis!, indices)
  if (indices.shape.length > 1) throw new Error(`it takes places of ${formatShape(dims)} in rows and columns`)
  const ranges = dims.map((n, at): AxisSlice => (at === axis ? range : { start: 0, step: 1, count: n }))
  if (indices.shape.length > 0) return cut(reading, tensor, ranges, null)
  const value = singleToken(reading, tensor, axis!, range.start) ?? cut(reading, tensor, ranges, null)
  return { ...value, view: squeezedView(value.view, [axis!]) }
}

/** One of the tokens as a vector, so that what follows, as the classes' layer, has units; null if the axis is none of tokens. */
function singleToken(
  reading: NodeReading,
  tensor: OnnxTensor,
  axis: number,
  index: number,
): OnnxTensor | null {
  const { view, shape } = tensor
  const own = partsAlong(view, axis)
  const places = memoryAxes(view, shape)
  const isTokens = shape.length === 2 && own.length > 0 && !own.includes(0)
  const alone = [...places.keys()].filter((part) => places[part] === 0)
  if (!isTokens || own.join() !== alone.join()) return null
  const value = reading.layer({ kind: 'token', index }, [tensor], [])
  return { ...value, view: withLength(view, own, 1) }
}

/** Channels in any order; rows and columns would be torn apart. */
function channelsAt(
  reading: NodeReading,
  tensor: OnnxTensor,
  axis: number,
  indices: OnnxConstant,
): OnnxTensor {
  const settled = withWholeAxis(reading, tensor, axis)
  const { view, shape } = settled
  const own = partsAlong(view, axis)
  const isChannels = memoryAxes(view, shape)[own[0] ?? 0] === shape.length - 1
  if (!isChannels || indices.shape.length !== 1)
    throw new Error(`it takes places of ${formatShape(dimsOf(view))} that are no regular steps`)
  const count = shape.at(-1)!
  const channels = listOf(indices).map((index) => (index < 0 ? index + count : index))
  refuseBeyond(channels, count)
  const value = reading.layer({ kind: 'takeChannels', channels }, [settled], [])
  return { ...value, view: withLength(view, own, channels.length) }
}

/** Null if they are no steps of one length. */
function rangeOfIndices(indices: readonly number[]): AxisSlice | null {
  const [start, second] = indices
  if (start === undefined) return null
  const step = second === undefined ? 1 : second - start
  const isRegular = step !== 0 && indices.every((index, i) => index === start + i * step)
  return isRegular ? { start, step, count: indices.length } : null
}

export const slicing: Readonly<Record<string, OperatorReader>> = {
  Slice: slice,
  Split: split,
  Gather: gather,
}
