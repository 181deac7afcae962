/**
 * @file SpaceToBatchND, a convolution, BatchToSpaceND: how TensorFlow writes a dilated convolution. It pads, spreads
 * rows and columns over the batch, and cuts off at the end. A dilated convolution gives the same.
 */
import type { OperationOf, Pair } from '../../network.ts'
import type { OperationReader } from '../nodeReading.ts'
import { numbersOf } from '../../dataflow/values.ts'
import { isMap } from '../../units.ts'
import { isNothing } from './windows.ts'

const spaceToBatch: OperationReader = (reading) => {
  const source = reading.tensor(0)
  const block = numbersOf(reading.inputs[1])
  const margins = numbersOf(reading.inputs[2])
  if (!isMap(source.shape) || block.length !== 2 || margins.length !== 4)
    throw new Error('it does not rearrange rows and columns')
  const [top, bottom, left, right] = margins as [number, number, number, number]
  return {
    kind: 'spaced',
    source,
    block: [block[0]!, block[1]!],
    rows: [top, bottom],
    columns: [left, right],
    convolution: null,
  }
}

const batchToSpace: OperationReader = (reading) => {
  const [spaced] = reading.inputs
  if (spaced?.kind !== 'spaced' || !spaced.convolution)
    throw new Error('it does not end a convolution that SpaceToBatchND began')
  const { convolution, source, block } = spaced
  if (numbersOf(reading.inputs[1]).some((n, axis) => n !== block[axis]))
    throw new Error('its block is not that of SpaceToBatchND')
  const [top, bottom, left, right] = numbersOf(reading.inputs[2]) as [number, number, number, number]
  // With stride 1, padding that is cut off again need not be there.
  const rows: Pair = [spaced.rows[0] - top, spaced.rows[1] - bottom]
  const columns: Pair = [spaced.columns[0] - left, spaced.columns[1] - right]
  if (Math.min(...rows, ...columns) < 0) throw new Error('it cuts off more than SpaceToBatchND has padded')
  const op: OperationOf<'conv'> | OperationOf<'depthwiseConv'> = { ...convolution.op, dilation: block }
  if (isNothing({ rows, columns })) return reading.layer(op, [source], convolution.weights)
  if (seamless(op.kernel, block, [rows, columns]))
    return reading.layer({ ...op, padding: 'same' }, [source], convolution.weights)
  const pad = { kind: 'pad', mode: 'constant', value: 0, rows, columns } as const
  const padded = reading.layer(pad, [source], [], { part: 'padding' })
  return reading.layer(op, [padded], convolution.weights)
}

/** Whether `same` padding would be these margins at stride 1. */
function seamless(kernel: Pair, dilation: Pair, margins: readonly [Pair, Pair]): boolean {
  return margins.every(([before, after], axis) => {
    const total = (kernel[axis]! - 1) * dilation[axis]!
    return before === Math.floor(total / 2) && after === total - before
  })
}

export const dilations: Readonly<Record<string, OperationReader>> = {
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
}
