/** @file Parts of a tensor: StridedSlice, Slice, Split, SplitV and GatherV2, of rows, columns and channels. */
import type { Shape } from '../../network.ts'
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import { sliceRanges } from '../sliceRanges.ts'
import { lengthsOf, numbersOf, type TensorValue, type Value } from '../../dataflow/values.ts'
import { isMap } from '../../units.ts'

/** `[start, end)` for each axis of the input but the batch. */
type Ranges = readonly (readonly [start: number, end: number])[]

/** Crops rows and columns, then takes channels; `shape` is the graph's. */
function part(
  reading: NodeReading,
  input: TensorValue,
  ranges: Ranges,
  shape: Shape,
  output: string | null,
): Value {
  const isWhole = ([start, end]: readonly [number, number], axis: number): boolean =>
    start === 0 && end === input.shape[axis]
  if (ranges.every(isWhole)) return { ...input, shape }
  if (ranges.some(([start, end]) => end <= start)) throw new Error('nothing is left')
  const [rows, columns] = ranges as [Ranges[0], Ranges[1]]
  const [first, end] = ranges.at(-1)!
  const channels = { kind: 'sliceChannels', start: first, size: end - first } as const
  if (ranges.slice(0, -1).every(isWhole)) return reading.layer(channels, [input], [], { part: output, shape })
  if (!isMap(input.shape)) throw new Error(`it cuts [${input.shape.join(', ')}], which is no map`)
  const crop = {
    kind: 'crop',
    rows: [rows![0], input.shape[0] - rows![1]],
    columns: [columns![0], input.shape[1] - columns![1]],
  } as const
  if (isWhole([first, end], 2)) return reading.layer(crop, [input], [], { part: output, shape })
  const cropped = reading.layer(crop, [input], [], { part: 'rows and columns' })
  return reading.layer(channels, [cropped], [], { part: output, shape })
}

const stridedSlice: OperationReader = (reading) => {
  const input = reading.tensor(0)
  const [, ...ranges] = sliceRanges(reading.node, reading.inputs, ['batch', ...input.shape], reading.batch)
  const kept = ranges.filter(({ shrink }) => !shrink).map(({ start, end }) => end - start)
  return part(
    reading,
    input,
    ranges.map(({ start, end }) => [start, end]),
    kept,
    null,
  )
}

const slice: OperationReader = (reading) => {
  const input = reading.tensor(0)
  const [begin, lengths] = [numbersOf(reading.inputs[1]), numbersOf(reading.inputs[2])]
  if (begin[0] !== 0 || (lengths[0] !== -1 && lengths[0] !== reading.batch))
    throw new Error('it takes some images of the batch')
  const ranges = input.shape.map((whole, axis): Ranges[number] => {
    const [start, length] = [begin[axis + 1]!, lengths[axis + 1]!]
    return [start, length === -1 ? whole : start + length]
  })
  return part(
    reading,
    input,
    ranges,
    ranges.map(([start, end]) => end - start),
    null,
  )
}

/** Parts of these lengths along the channels, one for each output. */
function split(reading: NodeReading, input: TensorValue, axis: number, lengths: readonly number[]): Value[] {
  const rank = input.shape.length
  if (rank === 0 || (axis !== -1 && axis !== rank))
    throw new Error(`it splits axis ${axis}, not the channels`)
  let start = 0
  return lengths.map((length, i) => {
    const ranges = input.shape.map((whole): [number, number] => [0, whole])
    ranges[rank - 1] = [start, (start += length)]
    const shape = [...input.shape.slice(0, -1), length]
    return part(reading, input, ranges, shape, i === 0 ? null : `:${i}`)
  })
}

/** Rows, columns or channels at given indices. A run of indices is a part; several runs of channels are joined anew. */
const gather: OperationReader = (reading) => {
  if (reading.attributes.integer('batch_dims', 0) !== 0) reading.attributes.refuse('batch_dims', 1)
  const input = reading.tensor(0)
  const [, indices] = reading.inputs
  if (indices?.kind === 'constant' && indices.constant.shape.length > 1)
    throw new Error('it takes places that lie in rows and columns')
  const [axis = 0] = reading.inputs[2] ? numbersOf(reading.inputs[2]) : []
  const at = (axis < 0 ? axis + input.shape.length + 1 : axis) - 1
  const length = input.shape[at]
  if (length === undefined) throw new Error('it takes some images of the batch')
  const list = numbersOf(indices)
  const runs = runsOf(list)
  if (runs.length !== 1 && at !== input.shape.length - 1)
    throw new Error(`it takes rows or columns at the places ${list.join(', ')}`)
  const parts = runs.map(([start, end], i) => {
    const ranges = input.shape.map((whole, j): Ranges[number] => (j === at ? [start, end] : [0, whole]))
    const whole = input.shape.with(at, end - start)
    const shape = lengthsOf(indices).scalar ? whole.toSpliced(at, 1) : whole
    return part(reading, input, ranges, shape, runs.length === 1 ? null : `part ${i + 1}`) as TensorValue
  })
  return parts.length === 1 ? parts[0]! : reading.layer({ kind: 'concat', axis: input.shape.length }, parts)
}

/** `[2, 3, 7]` are `[2, 4)` and `[7, 8)`. */
function runsOf(indices: readonly number[]): [start: number, end: number][] {
  const runs: [number, number][] = []
  for (const index of indices) {
    const last = runs.at(-1)
    if (last?.[1] === index) last[1] = index + 1
    else runs.push([index, index + 1])
  }
  return runs
}

export const slicing: Readonly<Record<string, OperationReader>> = {
  StridedSlice: stridedSlice,
  Slice: slice,
  Gather: gather,
  GatherV2: gather,
  Split: (reading) => {
    const input = reading.tensor(1)
    const count = reading.attributes.integer('num_split', 1)
    return split(
      reading,
      input,
      numbersOf(reading.inputs[0])[0]!,
      Array<number>(count).fill(input.shape.at(-1)! / count),
    )
  },
  SplitV: (reading) =>
    split(reading, reading.tensor(0), numbersOf(reading.inputs[2])[0]!, numbersOf(reading.inputs[1])),
}
