/** @file Conv2D, DepthwiseConv2dNative, their fused forms, and Conv2DBackpropInput, which is a transposed one. */
import { kindOf } from '../../kinds/index.ts'
import type { OperationOf, Pair } from '../../network.ts'
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import { type GraphConstant, lengthsOf, type TensorValue, type Value } from '../../dataflow/values.ts'
import { preluOf } from './activations.ts'
import { type FusedEnd, foldingNote, fusedEnd } from './fusedEnd.ts'
import { channelsLast, isNothing, type Margins, padding, spatial } from './windows.ts'

type Convolution = OperationOf<'conv'> | OperationOf<'depthwiseConv'>

const conv: OperationReader = (reading) => {
  const filter = reading.constant(1)
  const [rows, columns, depth, filters] = fourAxes(filter)
  const end = fusedEnd(reading, 2)
  const { margins, ...window } = windowOf(reading, [rows, columns])
  const channels = source(reading).shape[2] ?? depth
  if (channels % depth !== 0) throw new Error(`its kernel is for ${depth} channels, and ${channels} come in`)
  const { bias, activation } = end
  const groups = channels / depth
  return addConvolution(
    reading,
    { kind: 'conv', filters, groups, bias, activation, ...window },
    filter,
    end,
    margins,
  )
}

const depthwise: OperationReader = (reading) => {
  const filter = reading.constant(1)
  const [rows, columns, , multiplier] = fourAxes(filter)
  const end = fusedEnd(reading, 2)
  const { margins, ...window } = windowOf(reading, [rows, columns])
  const { bias, activation } = end
  return addConvolution(
    reading,
    { kind: 'depthwiseConv', multiplier, bias, activation, ...window },
    filter,
    end,
    margins,
  )
}

/** The map that is convolved: behind SpaceToBatchND the one that it reads. */
function source(reading: NodeReading): TensorValue {
  const [first] = reading.inputs
  return first?.kind === 'spaced' && !first.convolution ? first.source : reading.tensor(0)
}

/** One layer, with zeros around its input before it and a PReLU after it if the node says so. */
function addConvolution(
  reading: NodeReading,
  op: Convolution,
  filter: GraphConstant,
  end: FusedEnd,
  margins: Margins | null,
): Value {
  const weights = [filter, ...end.weights]
  const [first] = reading.inputs
  if (first?.kind === 'spaced') {
    const plain =
      op.padding === 'valid' &&
      !margins &&
      !end.slopes &&
      [...op.strides, ...op.dilation].every((n) => n === 1)
    if (!plain) throw new Error('it is no plain convolution between SpaceToBatchND and BatchToSpaceND')
    return { ...first, convolution: { op, weights } }
  }
  const input = reading.tensor(0)
  const padded =
    margins && !isNothing(margins)
      ? reading.layer({ kind: 'pad', mode: 'constant', value: 0, ...margins }, [input], [], {
          part: 'padding',
        })
      : input
  const note = foldingNote(reading, end)
  if (!end.slopes) return reading.layer(op, [padded], weights, { note })
  const before = reading.layer(op, [padded], weights, { part: 'before PReLU', note })
  return preluOf(reading, before, end.slopes)
}

function windowOf(
  reading: NodeReading,
  kernel: Pair,
): Pick<Convolution, 'kernel' | 'strides' | 'dilation' | 'padding'> & { margins: Margins | null } {
  channelsLast(reading)
  const [strides, dilation] = [spatial(reading, 'strides'), spatial(reading, 'dilations')]
  if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) reading.attributes.refuse('dilations', dilation)
  return { kernel, strides, dilation, ...padding(reading) }
}

/** The inputs are the output's shape, the kernel as Keras has it, and the map. */
const transposed: OperationReader = (reading) => {
  channelsLast(reading)
  const filter = reading.constant(1)
  const [rows, columns, filters] = fourAxes(filter)
  const strides = spatial(reading, 'strides')
  const { padding: pad, margins } = padding(reading)
  const dilation = spatial(reading, 'dilations')
  if (margins) reading.attributes.refuse('padding', 'EXPLICIT')
  if (Math.max(...dilation) > 1) reading.attributes.refuse('dilations', dilation)
  const input = reading.tensor(2)
  const [, height, width] = lengthsOf(reading.inputs[0]).lengths
  const op = (outputPadding: Pair | null): OperationOf<'transposedConv'> => ({
    kind: 'transposedConv',
    filters,
    kernel: [rows, columns],
    strides,
    padding: pad,
    dilation,
    outputPadding,
    bias: false,
    activation: { fn: 'linear' },
  })
  const wanted: Pair = [Number(height), Number(width)]
  if (!wanted.every((length) => Number.isSafeInteger(length) && length >= 1))
    throw new Error('the rows and columns that it makes are not said in whole numbers')
  const inferred = kindOf(op(null)).shape(op(null), [input.shape])
  if (String(inferred.slice(0, 2)) === String(wanted)) return reading.layer(op(null), [input], [filter])
  // Several sizes are mapped to this one by a strided convolution; Keras infers one of them, and the graph says another.
  const more = wanted.map((length, axis) => {
    const window = [rows, columns][axis]!
    return length - (input.shape[axis]! - 1) * strides[axis]! - (pad === 'same' ? window % 2 : window)
  })
  const result = reading.layer(op([more[0]!, more[1]!]), [input], [filter])
  if (String(result.shape.slice(0, 2)) !== String(wanted))
    throw new Error(`it makes [${wanted.join(', ')}] of [${input.shape.join(', ')}]`)
  return result
}

function fourAxes({ shape }: GraphConstant): readonly [number, number, number, number] {
  if (shape.length !== 4) throw new Error(`its kernel has ${shape.length} axes instead of 4`)
  return shape as readonly [number, number, number, number]
}

export const convolutions: Readonly<Record<string, OperationReader>> = {
  Conv2D: conv,
  _FusedConv2D: conv,
  DepthwiseConv2dNative: depthwise,
  DepthwiseConv2d: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  _FusedDepthwiseConv2dNative: depthwise,
  Conv2DBackpropInput: transposed,
}
