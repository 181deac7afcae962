/** @file One sweep backwards through the graph: what one unit depends on in every layer before it, along one axis. */
import { kindOf } from './kinds/index.ts'
import type { Interval } from './kinds/kind.ts'
import type { Network, SupportedLayer } from './network.ts'
import { mapSize } from './units.ts'

/** The rows or columns of a layer's map that one unit depends on; `'whole'`: by definition all of it. */
export type Seen = Interval | 'whole'

/**
 * The rows or columns that the unit depends on, by layer, its own included; a layer is left out if none of its is seen. `clipped`: only
 * units that exist count, so that the part of a window in the padding sees nothing. Otherwise padding counts as if the
 * map went on.
 */
export function seenBy(
  network: Network,
  layer: number,
  axis: 0 | 1,
  unit: number,
  clipped: boolean,
): ReadonlyMap<number, Seen> {
  const { layers } = network
  const seen = new Map<number, Seen>([[layer, [unit, unit + 1]]])
  const shapeOf = (i: number): SupportedLayer['shape'] => (layers[i] as SupportedLayer).shape
  // Inputs have smaller indices, so one sweep from the back meets all readers of a layer before the layer.
  for (let i = layer; i >= 0; i--) {
    const interval = seen.get(i)
    const { op, inputs, shape } = layers[i] as SupportedLayer
    if (interval === undefined || inputs.length === 0) continue
    const shapes = inputs.map(shapeOf)
    for (const [input, from] of inputs.entries()) {
      const length = mapSize(shapes[input]!)[axis]
      const edge = { axis, input, inputs: shapes, output: shape }
      const units: Interval = interval === 'whole' ? [0, mapSize(shape)[axis]] : interval
      const kind = kindOf(op)
      const reach = (clipped && kind.reachWithin?.(op, edge, units)) || kind.reach(op, edge, units)
      if (reach === 'context') continue
      if (reach === 'whole' || interval === 'whole') seen.set(from, 'whole')
      else {
        // Adding 0 makes 0 of -0, which rounding up may give.
        const there: Interval = clipped
          ? [Math.max(reach[0], 0), Math.min(reach[1], length)]
          : [reach[0] + 0, reach[1] + 0]
        if (there[0] < there[1]) seen.set(from, hull(seen.get(from), there))
      }
    }
  }
  return seen
}

function hull(a: Seen | undefined, b: Interval): Seen {
  if (a === undefined) return b
  return a === 'whole' ? a : [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
}
