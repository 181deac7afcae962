/** @file Global pooling, where every unit sees the whole map, and reductions along some of the axes. */
import { isMap } from '../units.ts'
import { mapShape, type LayerKind } from './kind.ts'

export const globalPool: LayerKind<'globalPool'> = {
  kind: 'globalPool',
  shape(op, inputs) {
    const channels = mapShape(inputs)[2]
    return op.keepDims ? [1, 1, channels] : [channels]
  },
  weights: () => [],
  reach: () => 'whole',
}

export const reduce: LayerKind<'reduce'> = {
  kind: 'reduce',
  shape(op, inputs) {
    const [input] = inputs
    if (op.axes.some((axis) => input![axis] === undefined))
      throw new Error(`it has no axis ${op.axes.at(-1)}`)
    return input!.map((length, axis) => (op.axes.includes(axis) ? 1 : length))
  },
  weights: () => [],
  reach(op, { axis, inputs }, interval) {
    const [input] = inputs
    if (!isMap(input!) || !op.axes.includes(axis)) return interval
    return op.axes.includes(1 - axis) ? 'whole' : [0, input[axis]]
  },
}
