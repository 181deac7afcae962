/** @file Operators that join, pad or resize. */
import { formatShape } from '../../kinds/kind.ts'
import type { OperationOf, Pair } from '../../network.ts'
import { joined, type OnnxConstant, permuted, reshaped, sliced } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { type OnnxTensor, usualGroups } from '../values.ts'
import { arrangementOf, dimsOf, isByImage } from '../views.ts'
import { counted } from './reshaping.ts'
import { cut } from './slicing.ts'

const concat: OperatorReader = (reading) => {
  const values = reading.inputs.map((_, i) => reading.value(i))
  const tensors = values.filter((value) => value.kind === 'tensor')
  const [first] = tensors
  const dims = dimsOf(first!.view)
  const [axis] = counted([reading.attributes.number('axis', 1)], dims.length)
  if (values.length === 1) return first!
  const ranks = values.map(
    (value) => (value.kind === 'tensor' ? dimsOf(value.view) : value.constant.shape).length,
  )
  if (ranks.some((rank) => rank !== dims.length))
    throw new Error(`it joins arrays of ${ranks.join(', ')} axes, which have to be as many in all`)
  if (axis === 0 || !tensors.every(({ view }) => isByImage(view)))
    throw new Error('it joins images to one batch')
  const groups = usualGroups(first!)
  const along = groups.findIndex((group) => group.includes(axis!))
  const order = dims.slice(1).map((_, i) => groups.findIndex((group) => group.includes(i + 1)))
  const start = values.findIndex(({ kind }) => kind === 'tensor')
  const end = values.findLastIndex(({ kind }) => kind === 'tensor') + 1
  const inner = values.slice(start, end)
  if (inner.length > tensors.length) throw new Error('it joins constants between maps')
  const isAll = inner.length === values.length
  const op = { kind: 'concat', axis: along === groups.length - 1 ? -1 : along + 1 } as const
  const inOrder = (): OnnxTensor => {
    const inputs = tensors.map((tensor) => reading.arranged(tensor, groups))
    return reading.layer(op, inputs, order, [], { part: isAll ? null : 'joined' })
  }
  if (isAll) return inOrder()
  // The only map becomes tokens, row by row, as it is joined.
  const own = tensors.length === 1 ? first! : inOrder()
  const arrangement = arrangementOf(own.view, groups)
  const isInOrder = arrangement.order.every((part, i) => i === 0 || part > arrangement.order[i - 1]!)
  const input = isInOrder ? own : reading.arranged(own, groups)
  const { shape } = arrangement
  const [before, after] = [values.slice(0, start), values.slice(end)].map((list) =>
    list.flatMap((value) => (value.kind === 'constant' ? [value.constant] : [])),
  ) as [OnnxConstant[], OnnxConstant[]]
  const axes = groups.map(([one]) => one!)
  const ends = [before, after]
    .filter((list) => list.length > 0)
    .map((list) => ofOneImage(list.length > 1 ? joined(list, axis!) : list[0]!, axes))
  const lengthOf = (list: readonly OnnxConstant[]): number =>
    list.reduce((sum, one) => sum + one.shape[axis!]!, 0)
  const joins = {
    kind: 'joinConstants',
    axis: along,
    before: lengthOf(before),
    after: lengthOf(after),
    shape,
  } as const
  return reading.layer(joins, [input], order, ends)
}

/** A constant of one image with its axes in the order of memory. */
function ofOneImage(constant: OnnxConstant, axes: readonly number[]): OnnxConstant {
  const { shape } = constant
  const images = shape[0]!
  const first =
    images === 1
      ? constant
      : sliced(
          constant,
          shape.map((count, axis) => ({ start: 0, step: 1, count: axis === 0 ? 1 : count })),
        )
  const ordered = permuted(first, [0, ...axes])
  return reshaped(ordered, ordered.shape.slice(1))
}

type Mode = OperationOf<'pad'>['mode']

const pad: OperatorReader = (reading) => {
  const { attributes, version } = reading
  const mode = attributes.text('mode', 'constant')
  const tensor = reading.tensor(0)
  const rank = dimsOf(tensor.view).length
  const pads = version < 11 ? (attributes.numbers('pads') ?? attributes.numbers('paddings')) : reading.list(1)
  const value = version < 11 ? attributes.number('value', 0) : (reading.list(2)?.[0] ?? 0)
  const axes = reading.list(3)
  const own = axes ? counted(axes, rank) : [...Array(rank).keys()]
  const margins = Array.from({ length: rank }, (_, axis): Pair => {
    const at = own.indexOf(axis)
    return at === -1 ? [0, 0] : [pads?.[at] ?? 0, pads?.[at + own.length] ?? 0]
  })
  if (margins.every(([a, b]) => a === 0 && b === 0)) return tensor
  if (!modes.has(mode)) attributes.refuse('mode', mode)
  // Negative ones cut off.
  const rest = margins.flat().some((n) => n < 0) ? cropped(reading, tensor, margins) : tensor
  const wide = margins.map(([a, b]): Pair => [Math.max(a, 0), Math.max(b, 0)])
  return wide.flat().every((n) => n === 0) ? rest : padded(reading, rest, wide, mode as Mode, value)
}

const modes: ReadonlySet<string> = new Set(['constant', 'reflect', 'edge', 'wrap'])

function cropped(reading: NodeReading, tensor: OnnxTensor, margins: readonly Pair[]): OnnxTensor {
  const dims = dimsOf(tensor.view)
  const ranges = margins.map(([a, b], axis) => {
    const start = Math.max(-a, 0)
    return { start, step: 1, count: dims[axis]! - start - Math.max(-b, 0) }
  })
  const isAll = margins.flat().every((n) => n <= 0)
  return cut(reading, tensor, ranges, isAll ? null : 'cut off')
}

function padded(
  reading: NodeReading,
  tensor: OnnxTensor,
  margins: readonly Pair[],
  mode: Mode,
  value: number,
): OnnxTensor {
  if (margins[0]!.some((n) => n !== 0)) throw new Error('it adds images to the batch')
  const dims = dimsOf(tensor.view)
  // An axis of length 1 besides those of a map says nothing.
  const isNothing = (axis: number): boolean =>
    dims.length > 4 && dims[axis] === 1 && margins[axis]!.every((n) => n === 0)
  const groups = usualGroups(tensor).filter(([axis]) => !isNothing(axis!))
  if (groups.length !== 3) throw new Error(`it pads ${formatShape(dims)}, which is no map`)
  const input = reading.arranged(tensor, groups)
  const [rows, columns, channels] = groups.map(([axis]) => margins[axis!]!) as [Pair, Pair, Pair]
  const around = [...rows, ...columns].some((n) => n !== 0)
  const deep = channels.some((n) => n !== 0)
  if (deep && mode !== 'constant') throw new Error('it mirrors channels')
  const order = dims.slice(1).map((_, i) => {
    const at = groups.findIndex(([one]) => one === i + 1)
    return at === -1 ? null : at
  })
  const op = { kind: 'pad', rows, columns, mode, value } as const
  const wide = around
    ? reading.layer(op, [input], order, [], { part: deep ? 'rows and columns' : null })
    : input
  if (!deep) return wide
  const [before, after] = channels
  return reading.layer({ kind: 'padChannels', before, after, value }, [wide], order)
}

export const moving: Readonly<Record<string, OperatorReader>> = {
  Concat: concat,
  Pad: pad,
}
