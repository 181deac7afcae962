/** @file Pooling over windows and over the whole map. */
import type { Margins, Pair } from '../../network.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import { dimsOf } from '../views.ts'
import { isNothing, mapLengths, type Window, windowOf } from './windows.ts'

type Reduce = 'max' | 'average'

const pool =
  (reduce: Reduce): OperatorReader =>
  (reading) => {
    const { attributes } = reading
    const input = reading.asMap(reading.tensor(0))
    const map = mapLengths(input.shape)
    const window = windowOf(reading, null, map)
    const { kernel, strides, dilation, margins } = window
    if (Math.max(...dilation) > 1) attributes.refuse('dilations', dilation)
    const counts = attributes.flag('count_include_pad') && reduce === 'average' && !isNothing(margins)
    const widened = attributes.flag('ceil_mode') ? withOverhang(window, map) : margins
    const padding = isNothing(widened) ? 'valid' : widened
    const op = { kind: 'pool', reduce, kernel, strides, padding } as const
    return reading.map(counts ? { ...op, counted: margins } : op, input)
  }

/**
 * Margins with what the last windows need beyond them. A window that would begin behind the map and the margin before it is left
 * out: https://onnx.ai/onnx/operators/onnx__MaxPool.html
 */
function withOverhang({ kernel, strides, margins }: Window, map: Pair): Margins {
  const along = (axis: 0 | 1, [before, after]: Pair): Pair => {
    const [length, stride] = [map[axis], strides[axis]]
    const whole = length + before + after - kernel[axis]
    const count = Math.ceil(whole / stride) + 1
    const last = (count - 1) * stride >= length + before ? count - 2 : count - 1
    return [before, Math.max(after, last * stride + kernel[axis] - length - before)]
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

export const pooling: Readonly<Record<string, OperatorReader>> = {
  MaxPool: pool('max'),
  AveragePool: pool('average'),
  GlobalMaxPool: globalPool('max'),
  GlobalAveragePool: globalPool('average'),
}
