/** @file MaxPool and AvgPool, and means and maxima over the whole map. */
import type { NodeReading, OperationReader } from '../nodeReading.ts'
import { numbersOf } from '../../dataflow/values.ts'
import { isMap } from '../../units.ts'
import { channelsLast, padding, spatial } from './windows.ts'

type Reduce = 'max' | 'average'

const pool =
  (reduce: Reduce): OperationReader =>
  (reading) => {
    channelsLast(reading)
    const { padding: pad, margins } = padding(reading)
    if (margins) reading.attributes.refuse('padding', 'EXPLICIT')
    const [kernel, strides] = [spatial(reading, 'ksize'), spatial(reading, 'strides')]
    return reading.layer({ kind: 'pool', reduce, kernel, strides, padding: pad }, [reading.tensor(0)])
  }

const globalPool =
  (reduce: Reduce): OperationReader =>
  (reading) => {
    const input = reading.tensor(0)
    if (!isMap(input.shape) || !overRowsAndColumns(reading))
      throw new Error(
        `it reduces axes ${numbersOf(reading.inputs[1]).join(', ')} of [${['batch', ...input.shape].join(', ')}], not rows and columns`,
      )
    return reading.layer({ kind: 'globalPool', reduce, keepDims: reading.attributes.flag('keep_dims') }, [
      input,
    ])
  }

function overRowsAndColumns(reading: NodeReading): boolean {
  const axes = numbersOf(reading.inputs[1]).map((axis) => (axis < 0 ? axis + 4 : axis))
  return axes.toSorted((a, b) => a - b).join() === '1,2'
}

export const pooling: Readonly<Record<string, OperationReader>> = {
  MaxPool: pool('max'),
  AvgPool: pool('average'),
  Max: globalPool('max'),
  Mean: globalPool('average'),
}
