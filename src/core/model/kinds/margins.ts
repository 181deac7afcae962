/** @file Layers that widen or cut a map. */
import type { OperationOf } from '../network.ts'
import { type Interval, mapShape, type LayerKind } from './kind.ts'

export const pad: LayerKind<'pad'> = {
  kind: 'pad',
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [height + op.rows[0] + op.rows[1], width + op.columns[0] + op.columns[1], channels]
  },
  weights: () => [],
  reach(op, { axis, inputs }, interval) {
    const [before] = axis === 0 ? op.rows : op.columns
    return mirrored(op.mode, [interval[0] - before, interval[1] - before], inputs[0]![axis]!)
  },
}

/** The smallest interval that holds all rows or columns of the map that `mode` fills `[first, end)` with. */
function mirrored(mode: OperationOf<'pad'>['mode'], [first, end]: Interval, length: number): Interval {
  if (mode === 'constant') return [first, end]
  const last = length - 1
  if (mode === 'edge') return [Math.min(Math.max(first, 0), last), Math.max(Math.min(end - 1, last), 0) + 1]
  if (mode === 'wrap') {
    // Within one turn it is a part of the map, over an end both ends of it.
    const turn = Math.floor(first / length)
    const isWithin = Math.floor((end - 1) / length) === turn
    return isWithin ? [first - turn * length, end - turn * length] : [0, length]
  }
  // Around the first and last pixel, or around the edge.
  const around = mode === 'reflect' ? 0 : 1
  const parts: Interval[] = []
  if (first < 0) parts.push([1 - around - Math.min(end, 0), 1 - around - first])
  if (first < length && end > 0) parts.push([Math.max(first, 0), Math.min(end, length)])
  if (end > length) {
    const sum = 2 * length - 2 + around
    parts.push([sum - end + 1, sum - Math.max(first, length) + 1])
  }
  return [Math.min(...parts.map(([a]) => a)), Math.max(...parts.map(([, b]) => b))]
}

export const crop: LayerKind<'crop'> = {
  kind: 'crop',
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    const rows = height - op.rows[0] - op.rows[1]
    const columns = width - op.columns[0] - op.columns[1]
    if (rows < 1 || columns < 1) throw new Error(`it cuts off more than the ${height}×${width} there are`)
    return [rows, columns, channels]
  },
  weights: () => [],
  reach(op, { axis }, [first, end]) {
    const [before] = axis === 0 ? op.rows : op.columns
    return [first + before, end + before]
  },
}
