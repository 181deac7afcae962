/** @file Maps joined along the channels, rows or columns, and the counterpart: some of them. */
import { elementCount, type Shape } from '../network.ts'
import { unitsOf } from '../units.ts'
import { formatShape, lastAxis, type LayerKind, samePlace } from './kind.ts'

export const concat: LayerKind<'concat'> = {
  kind: 'concat',
  shape(op, inputs) {
    const first = inputs[0]!
    // Maps and tokens may be joined either way.
    if (unitsOf(first)?.kind === 'vector') lastAxis(op.axis, inputs)
    const along = op.axis === -1 ? first.length - 1 : op.axis - 1
    if (first[along] === undefined) throw new Error(`it has no axis ${op.axis}`)
    const others = (shape: Shape) => shape.toSpliced(along, 1)
    if (inputs.some((shape) => formatShape(others(shape)) !== formatShape(others(first))))
      throw new Error(`it joins ${inputs.map(formatShape).join(' and ')}, which differ in size`)
    return first.with(
      along,
      inputs.reduce((sum, shape) => sum + shape[along]!, 0),
    )
  },
  weights: () => [],
  /** Along rows or columns a unit is in one of the inputs. The others have none of it: an interval that is empty. */
  reach(op, { axis, input, inputs, output }, interval) {
    if (op.axis - 1 !== axis || unitsOf(output)?.kind !== 'map') return interval
    const lengths = inputs.map((shape) => shape[axis]!)
    const before = lengths.slice(0, input).reduce((sum, length) => sum + length, 0)
    const [first, end] = [interval[0] - before, interval[1] - before]
    // What hangs over the edge of the whole hangs over that of its first or last part.
    const low = input === 0 ? first : Math.max(first, 0)
    const high = input === inputs.length - 1 ? end : Math.min(end, lengths[input]!)
    return [low, Math.max(low, high)]
  },
}

/** Tokens of a map are in its place, so that a unit of them is where the map's is. */
export const joinConstants: LayerKind<'joinConstants'> = {
  kind: 'joinConstants',
  shape({ axis, before, after, shape }, inputs) {
    if (elementCount(shape) !== elementCount(inputs[0]!))
      throw new Error(`${formatShape(inputs[0]!)} cannot take the shape ${formatShape(shape)}`)
    return shape.with(axis, before + shape[axis]! + after)
  },
  weights: ({ axis, before, after, shape }) =>
    [
      { name: 'before', count: before },
      { name: 'after', count: after },
    ].flatMap(({ name, count }) => (count > 0 ? [{ name, shape: shape.with(axis, count) }] : [])),
  reach({ axis, before }, edge, [first, end]) {
    return axis === edge.axis && unitsOf(edge.output)?.kind === 'map'
      ? [first - before, end - before]
      : [first, end]
  },
}

/** `channels` may come in any order, and more than once. */
export const takeChannels: LayerKind<'takeChannels'> = {
  kind: 'takeChannels',
  shape({ channels }, inputs) {
    const count = inputs[0]!.at(-1)!
    const wrong = channels.find((channel) => !(channel >= 0 && channel < count))
    if (wrong !== undefined) throw new Error(`it takes channel ${wrong} of ${count}`)
    return [...inputs[0]!.slice(0, -1), channels.length]
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
