/** @file Pooling over windows and over the whole map. */
import type { Margins, Pair } from '../../network.ts'
import { givenConstant } from '../constants.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
import { dimsOf } from '../views.ts'
import { alongChannels, isAlongChannels } from './channelWindows.ts'
import { isNothing, mapLengths, type Window, windowOf } from './windows.ts'

type Reduce = 'max' | 'average'

const pool =
  (reduce: Reduce): OperatorReader =>
  (reading) => {
    const { attributes } = reading
    const tensor = reading.tensor(0)
    if (reduce === 'average' && isStackOfMaps(tensor)) return averageOfMaps(reading, tensor)
    // Along a single axis, in PyTorch MaxPool1d and AvgPool1d.
    const isLine = dimsOf(tensor.view).length === 3
    const input = isLine ? reading.arranged(tensor, [[], [2], [1]]) : reading.asMap(tensor)
    const map = mapLengths(input.shape)
    const window = windowOf(reading, null, map, isLine)
    const { kernel, strides, dilation, margins } = window
    const counts = attributes.flag('count_include_pad') && reduce === 'average' && !isNothing(margins)
    const widened = attributes.flag('ceil_mode') ? withOverhang(window, map) : margins
    const padding = isNothing(widened) ? 'valid' : widened
    const apart = Math.max(...dilation) > 1 ? { dilation } : {}
    const zeros = counts ? { counted: margins } : {}
    const op = { kind: 'pool', reduce, kernel, strides, padding, ...apart, ...zeros } as const
    return reading.layer(op, [input], isLine ? [2, 1] : [2, 0, 1])
  }

/** `[images, 1, channels, rows, columns]`: PyTorch takes means of neighbouring channels so, for local response normalization. */
function isStackOfMaps(tensor: OnnxTensor): boolean {
  const dims = dimsOf(tensor.view)
  return dims.length === 5 && dims[1] === 1 && isAlongChannels(tensor, 2)
}

function averageOfMaps(reading: NodeReading, tensor: OnnxTensor): OnnxTensor {
  const { attributes } = reading
  const [size = 1, ...places] = attributes.numbers('kernel_shape') ?? []
  const refuseOthers = (key: string, wanted: number): void => {
    const given = attributes.numbers(key) ?? []
    if (given.some((n) => n !== wanted)) attributes.refuse(key, given)
  }
  if (places.join() !== '1,1') attributes.refuse('kernel_shape', [size, ...places])
  refuseOthers('strides', 1)
  refuseOthers('dilations', 1)
  refuseOthers('pads', 0)
  const auto = attributes.text('auto_pad', 'NOTSET')
  if (auto.startsWith('SAME')) attributes.refuse('auto_pad', auto)
  // Windows that lie within the stack, one after the other: these say nothing of them.
  attributes.ignore('ceil_mode', 'count_include_pad')
  const taps = givenConstant('', [size], Array<number>(size).fill(1 / size), 'float32')
  const window = { axis: 2, taps, stride: 1, dilation: 1, margins: [0, 0] } as const
  return alongChannels(reading, tensor, window, null)
}

/**
 * Margins with what the last windows need beyond them. A window that would begin behind the map and the margin before it is left
 * out: https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
function withOverhang({ kernel, strides, dilation, margins }: Window, map: Pair): Margins {
  const along = (axis: 0 | 1, [before, after]: Pair): Pair => {
    const [length, stride] = [map[axis], strides[axis]]
    const span = (kernel[axis] - 1) * dilation[axis] + 1
    const whole = length + before + after - span
    const count = Math.ceil(whole / stride) + 1
    const last = (count - 1) * stride >= length + before ? count - 2 : count - 1
    return [before, Math.max(after, last * stride + span - length - before)]
  }
  const { rows, columns } = margins
  return { rows: along(0, rows), columns: along(1, columns) }
}

const globalPool =
  (reduce: Reduce): OperatorReader =>
  (reading) => {
    const tensor = reading.tensor(0)
    if (dimsOf(tensor.view).length !== 4) throw new Error('it needs a map of rows, columns and channels')
    return pooledWhole(reading, reduce, true)
  }

/** The maximum or mean of the whole map; `keeps`: rows and columns stay as axes of length 1. */
export function pooledWhole(
  reading: NodeReading,
  reduce: Reduce,
  keeps: boolean,
): ReturnType<OperatorReader> {
  const input = reading.asMap(reading.tensor(0))
  const op = { kind: 'globalPool', reduce, keepDims: keeps } as const
  return reading.layer(op, [input], keeps ? [2, 0, 1] : [0])
}

/** The `p`th root of the sum of the `p`th powers. */
const powerPool =
  (isGlobal: boolean): OperatorReader =>
  (reading) => {
    const p = reading.attributes.number('p', 2)
    const map = reading.asMap(reading.tensor(0))
    const positive = reading.inPlace({ kind: 'activation', activation: { fn: 'abs' } }, map, [], {
      part: 'sizes',
    })
    const power = (from: OnnxTensor, constant: number, part: string | null): OnnxTensor =>
      reading.inPlace({ kind: 'withConstant', fn: 'power', constant, constantFirst: false }, from, [], {
        part,
      })
    const powers = power(positive, p, 'powers')
    if (isGlobal) {
      const sum = reading.map({ kind: 'reduce', fn: 'sum', axes: [0, 1] }, powers, [], { part: 'sum' })
      return power(sum, 1 / p, null)
    }
    const window = windowOf(reading, null, mapLengths(map.shape))
    const { kernel, strides, dilation, margins } = window
    if (Math.max(...dilation) > 1) reading.attributes.refuse('dilations', dilation)
    const widened = reading.attributes.flag('ceil_mode')
      ? withOverhang(window, mapLengths(map.shape))
      : margins
    // With zeros around the map that all count, the mean is the sum but for a factor.
    const padding = isNothing(widened)
      ? ({ padding: 'valid' } as const)
      : { padding: widened, counted: widened }
    const mean = reading.map({ kind: 'pool', reduce: 'average', kernel, strides, ...padding }, powers, [], {
      part: 'mean',
    })
    const sum = reading.inPlace({ kind: 'rescale', scale: [kernel[0] * kernel[1]], offset: [0] }, mean, [], {
      part: 'sum',
    })
    return power(sum, 1 / p, null)
  }

export const pooling: Readonly<Record<string, OperatorReader>> = {
  MaxPool: pool('max'),
  AveragePool: pool('average'),
  GlobalMaxPool: globalPool('max'),
  GlobalAveragePool: globalPool('average'),
  LpPool: powerPool(false),
  GlobalLpPool: powerPool(true),
}
