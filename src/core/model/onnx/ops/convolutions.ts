/** @file Conv and ConvTranspose. */
import type { OperationOf, Pair } from '../../network.ts'
import { type OnnxConstant, permuted, reshaped, sliced } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf } from '../views.ts'
import { alongChannels, isAlongChannels } from './channelWindows.ts'
import { explicitMargins, halves, mapLengths, pairOf, paddingOf, windowOf } from './windows.ts'

const linear = { fn: 'linear' } as const

const conv: OperatorReader = (reading) => {
  const tensor = reading.tensor(0)
  const filter = reading.constant(1)
  // A convolution along a single axis, in PyTorch Conv1d.
  const isLine = dimsOf(tensor.view).length === 3 && filter.shape.length === 3
  if (!isLine) return convolved(reading, reading.asMap(tensor), filter, false)
  const [filters, depth, size] = filter.shape as readonly [number, number, number]
  if (filters === 1 && depth === 1 && isAlongChannels(tensor, 2)) return lineOfChannels(reading, tensor)
  const line = reading.arranged(tensor, [[], [2], [1]])
  return convolved(reading, line, reshaped(filter, [filters, depth, 1, size]), true)
}

/** Filters of a file are `[outputs, inputs of a group, rows, columns]`. `isLine`: the map has one row, of which the file says nothing. */
function convolved(
  reading: NodeReading,
  input: OnnxTensor,
  filter: OnnxConstant,
  isLine: boolean,
): OnnxTensor {
  const [filters, depth, rows, columns] = fourAxes(filter)
  const groups = reading.attributes.number('group', 1)
  if (input.shape[2] !== depth * groups)
    throw new Error(`its kernel is for ${depth * groups} channels, and ${input.shape[2]} come in`)
  const window = windowOf(reading, [rows, columns], mapLengths(input.shape), isLine)
  const weights = [permuted(filter, [2, 3, 1, 0]), ...biasOf(reading)]
  const { kernel, strides, dilation } = window
  const shared = { kernel, strides, dilation, padding: paddingOf(window), activation: linear }
  const op = { kind: 'conv', filters, groups, bias: weights.length > 1, ...shared } as const
  return reading.layer(op, [input], isLine ? [2, 1] : [2, 0, 1], weights)
}

/** One filter along what lies in memory as channels: efficient channel attention. */
function lineOfChannels(reading: NodeReading, tensor: OnnxTensor): OnnxTensor {
  reading.attributes.ignore('group')
  const taps = reshaped(reading.constant(1), reading.constant(1).shape.slice(2))
  const { strides, dilation, margins } = windowOf(
    reading,
    [1, taps.shape[0]!],
    [1, dimsOf(tensor.view)[2]!],
    true,
  )
  const window = { axis: 2, taps, stride: strides[1], dilation: dilation[1], margins: margins.columns }
  return alongChannels(reading, tensor, window, biasOf(reading)[0] ?? null)
}

function biasOf(reading: NodeReading): readonly OnnxConstant[] {
  return reading.inputs[2] ? [reading.constant(2)] : []
}

function fourAxes({ shape }: OnnxConstant): readonly [number, number, number, number] {
  if (shape.length !== 4) throw new Error(`its kernel has ${shape.length} axes instead of 4`)
  return shape as unknown as readonly [number, number, number, number]
}

/** Filters of a file are `[inputs, outputs of a group, rows, columns]`. */
const transposed: OperatorReader = (reading) => {
  const input = reading.asMap(reading.tensor(0))
  const given = reading.constant(1)
  const [channels, depth, rows, columns] = fourAxes(given)
  const filter = permuted(given, [2, 3, 1, 0])
  const groups = reading.attributes.number('group', 1)
  if (input.shape[2] !== channels)
    throw new Error(`its kernel is for ${channels} channels, and ${input.shape[2]} come in`)
  const window = transposedWindow(reading, [rows, columns], mapLengths(input.shape))
  const bias = biasOf(reading)
  const op = {
    kind: 'transposedConv',
    filters: depth,
    bias: bias.length > 0,
    activation: linear,
    ...window,
  } as const
  if (groups === 1) return reading.map(op, input, [filter, ...bias])
  // The network knows no groups here: each is convolved on its own, and all are joined.
  const own = channels / groups
  const parts = Array.from({ length: groups }, (_, i) => {
    const part = `group ${i + 1}`
    const slice = { kind: 'sliceChannels', start: i * own, size: own } as const
    const from = reading.map(slice, input, [], { part: `channels of ${part}` })
    const cut = (axis: number, start: number, count: number, all: OnnxConstant): OnnxConstant =>
      sliced(
        all,
        all.shape.map((n, at) => (at === axis ? { start, step: 1, count } : { start: 0, step: 1, count: n })),
      )
    const weights = [cut(3, i * own, own, filter), ...bias.map((all) => cut(0, i * depth, depth, all))]
    return reading.map(op, from, weights, { part })
  })
  return reading.layer({ kind: 'concat', axis: -1 }, parts, [2, 0, 1])
}

/** The margins are cut off; an output shape that is asked for says how much. */
function transposedWindow(
  reading: NodeReading,
  kernel: Pair,
  map: Pair,
): Pick<OperationOf<'transposedConv'>, 'kernel' | 'strides' | 'dilation' | 'padding' | 'outputPadding'> {
  const { attributes } = reading
  attributes.ignore('kernel_shape')
  const [strides, dilation] = [pairOf(reading, 'strides'), pairOf(reading, 'dilations')]
  const extra = attributes.numbers('output_padding') ?? [0, 0]
  const auto = attributes.text('auto_pad', 'NOTSET')
  const pads = explicitMargins(reading, attributes.numbers('pads') ?? [0, 0, 0, 0])
  const asked = attributes.numbers('output_shape')?.slice(-2)
  const full = map.map(
    (length, axis) => (length - 1) * strides[axis]! + (kernel[axis]! - 1) * dilation[axis]! + 1,
  )
  const wanted =
    asked ?? (auto.startsWith('SAME') ? map.map((length, axis) => length * strides[axis]!) : null)
  if (!wanted)
    return {
      kernel,
      strides,
      dilation,
      padding: auto === 'VALID' ? { rows: [0, 0], columns: [0, 0] } : pads,
      outputPadding: [extra[0]!, extra[1]!],
    }
  // What is asked for beyond the full length is added at the end.
  const along = (axis: 0 | 1): { margins: Pair; more: number } => {
    const total = full[axis]! + extra[axis]! - wanted[axis]!
    return total < 0
      ? { margins: [0, 0], more: extra[axis]! - total }
      : { margins: halves(total, auto === 'SAME_UPPER'), more: extra[axis]! }
  }
  const [vertical, horizontal] = [along(0), along(1)]
  return {
    kernel,
    strides,
    dilation,
    padding: { rows: vertical.margins, columns: horizontal.margins },
    outputPadding: [vertical.more, horizontal.more],
  }
}

export const convolutions: Readonly<Record<string, OperatorReader>> = {
  Conv: conv,
  ConvTranspose: transposed,
}
