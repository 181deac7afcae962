/** @file Pooling over windows and over the whole map. */
import type { Margins, Pair } from '../../network.ts'
import type { NodeReading, OperatorReader } from '../nodeReading.ts'
import type { OnnxTensor } from '../values.ts'
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
    const counts = attributes.flag('count_include_pad') && reduce === 'average' && !isNothing(margins)
    const widened = attributes.flag('ceil_mode') ? withOverhang(window, map) : margins
    const padding = isNothing(widened) ? 'valid' : widened
    const apart = Math.max(...dilation) > 1 ? { dilation } : {}
    const zeros = counts ? { counted: margins } : {}
    return reading.map({ kind: 'pool', reduce, kernel, strides, padding, ...apart, ...zeros }, input)
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
