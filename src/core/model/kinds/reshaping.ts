/** @file Layers that keep the numbers and change the shape or the order: Flatten, Reshape and transposes of any kind. */
import { elementCount, type OperationOf, type Shape } from '../network.ts'
import { isMap, mapSize, unitsOf } from '../units.ts'
import { type Edge, formatShape, type Interval, type LayerKind, type Reach } from './kind.ts'

export const flatten: LayerKind<'flatten'> = {
  kind: 'flatten',
  shape: (_, inputs) => [elementCount(inputs[0]!)],
  weights: () => [],
  reach: () => 'whole',
  pointless: 'the layer before it as one vector',
}

export const reshape: LayerKind<'reshape'> = {
  kind: 'reshape',
  shape(op, inputs) {
    const input = inputs[0]!
    const known = elementCount(op.target.filter((n) => n !== -1))
    const target = op.target.map((n) => (n === -1 ? elementCount(input) / known : n))
    if (elementCount(target) !== elementCount(input) || target.some((n) => !Number.isInteger(n)))
      throw new Error(`${formatShape(input)} cannot take the shape ${formatShape(op.target)}`)
    return target
  },
  weights: () => [],
  /** Units stay in place if rows and columns do. */
  reach: (_, { inputs, output }, interval) =>
    String(mapSize(inputs[0]!)) === String(mapSize(output)) && !areTokens(inputs[0]!) && !areTokens(output)
      ? interval
      : 'whole',
  pointless: 'the layer before it in another shape',
}

export const rearrange: LayerKind<'rearrange'> = {
  kind: 'rearrange',
  shape(op, inputs) {
    const numbers = [op.split, op.target, op.order.map((part) => op.split[part] ?? 0)].map(elementCount)
    if (numbers.some((n) => n !== elementCount(inputs[0]!)))
      throw new Error(`${formatShape(inputs[0]!)} does not fall into ${formatShape(op.split)}`)
    return op.target
  },
  weights: () => [],
  reach: rearrangedReach,
  pointless: 'the layer before it in another order',
}

function rearrangedReach({ split, order }: OperationOf<'rearrange'>, edge: Edge, units: Interval): Reach {
  return keptReach(
    edge,
    units,
    split,
    order.map((part) => split[part]!),
    order,
  )
}

/**
 * A part of the input's rows (or columns) that is also one of the output's is known for each unit; of others all is seen.
 * `before` and `after` are the parts of input and output, `sources` says for each of the output's which of the input's it is, if any.
 */
export function keptReach(
  { axis, inputs, output }: Edge,
  units: Interval,
  before: Shape,
  after: Shape,
  sources: readonly number[],
): Reach {
  const [input] = inputs
  if (!isMap(input!) || !isMap(output)) return 'whole'
  const own = partsOf(input, before)[axis]
  const outer = partsOf(output, after)[axis]
  const [leading, ...rest] = own
  // Where rows stay rows, the first part of both is the same one, and the rest says where between two of its steps.
  if (leading === undefined || outer[0] === undefined || sources[outer[0]] !== leading)
    return input[axis] === 1 ? [0, 1] : 'whole'
  const lengths = (all: Shape, parts: readonly number[]): number =>
    elementCount(parts.map((part) => all[part]!))
  const [per, size] = [lengths(after, outer.slice(1)), lengths(before, rest)]
  const [first, last] = [Math.floor(units[0] / per), Math.floor((units[1] - 1) / per)]
  return [first * size, (last + 1) * size]
}

/** Which of the parts make up each axis of a map. */
function partsOf(shape: Shape, split: Shape): readonly [number[], number[], number[]] {
  const lists: [number[], number[], number[]] = [[], [], []]
  let [axis, left] = [-1, 1]
  for (const [part, length] of split.entries()) {
    while (left === 1 && axis < 2) left = shape[++axis]!
    lists[axis as 0 | 1 | 2].push(part)
    left /= length
  }
  return lists
}

function areTokens(shape: Shape): boolean {
  return unitsOf(shape)?.kind === 'tokens'
}
