/** @file Operators that join, pad or resize. */
import { formatShape } from '../../kinds/kind.ts'
import type { OperationOf, Pair } from '../../network.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { type OnnxTensor, usualGroups } from '../values.ts'
import { dimsOf, isByImage } from '../views.ts'
import { counted } from './reshaping.ts'
import { cut } from './slicing.ts'

const concat: OperatorReader = (reading) => {
  const tensors = reading.inputs.map((_, i) => reading.tensor(i))
  const [first] = tensors
  const dims = dimsOf(first!.view)
  const [axis] = counted([reading.attributes.number('axis', 1)], dims.length)
  if (tensors.length === 1) return first!
  if (axis === 0 || !tensors.every(({ view }) => isByImage(view)))
    throw new Error('it joins images to one batch')
  const groups = usualGroups(first!)
  const inputs = tensors.map((tensor) => reading.arranged(tensor, groups))
  const along = groups.findIndex((group) => group.includes(axis!))
  const op = { kind: 'concat', axis: along === groups.length - 1 ? -1 : along + 1 } as const
  const order = dims.slice(1).map((_, i) => groups.findIndex((group) => group.includes(i + 1)))
  return reading.layer(op, inputs, order)
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
  if (margins.length !== 4) throw new Error(`it pads ${formatShape(dimsOf(tensor.view))}, which is no map`)
  const groups = usualGroups(tensor)
  const input = reading.arranged(tensor, groups)
  const [rows, columns, channels] = groups.map(([axis]) => margins[axis!]!) as [Pair, Pair, Pair]
  const around = [...rows, ...columns].some((n) => n !== 0)
  const deep = channels.some((n) => n !== 0)
  if (deep && mode !== 'constant') throw new Error('it mirrors channels')
  const order = [1, 2, 3].map((axis) => groups.findIndex(([one]) => one === axis))
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
