/** @file Maps joined along the channels, and the counterpart: some of the channels, rows or columns. */
import type { Shape } from '../network.ts'
import { unitsOf } from '../units.ts'
import { formatShape, lastAxis, type LayerKind, samePlace } from './kind.ts'

export const concat: LayerKind<'concat'> = {
  kind: 'concat',
  shape(op, inputs) {
    const first = inputs[0]!
    // Tokens may be joined either way.
    if (unitsOf(first)?.kind !== 'tokens') lastAxis(op.axis, inputs)
    const along = op.axis === -1 ? first.length - 1 : op.axis - 1
    const others = (shape: Shape) => shape.toSpliced(along, 1)
    if (inputs.some((shape) => formatShape(others(shape)) !== formatShape(others(first))))
      throw new Error(`it joins ${inputs.map(formatShape).join(' and ')}, which differ in size`)
    return first.with(
      along,
      inputs.reduce((sum, shape) => sum + shape[along]!, 0),
    )
  },
  weights: () => [],
  reach: samePlace,
}

export const sliceChannels: LayerKind<'sliceChannels'> = {
  kind: 'sliceChannels',
  shape(op, inputs) {
    const channels = inputs[0]!.at(-1)!
    if (op.start < 0 || op.size < 1 || op.start + op.size > channels)
      throw new Error(`it takes channels ${op.start} to ${op.start + op.size} of ${channels}`)
    return [...inputs[0]!.slice(0, -1), op.size]
  },
  weights: () => [],
  reach: samePlace,
}

export const slice: LayerKind<'slice'> = {
  kind: 'slice',
  shape({ axis, start, step, count }, inputs) {
    const length = inputs[0]![axis] ?? 0
    const last = start + (count - 1) * step
    if (count < 1 || Math.min(start, last) < 0 || Math.max(start, last) >= length)
      throw new Error(`it takes places ${start} to ${last} of ${length}`)
    return inputs[0]!.with(axis, count)
  },
  weights: () => [],
  reach({ axis, start, step }, edge, interval) {
    if (axis !== edge.axis || unitsOf(edge.output)?.kind !== 'map') return interval
    const places = [start + interval[0] * step, start + (interval[1] - 1) * step]
    return [Math.min(...places), Math.max(...places) + 1]
  },
}
