/** @file One sweep backwards through the graph: what one unit depends on in every layer before it, along one axis. */
import type { Interval } from './kinds/kind.ts'
import type { Network, SupportedLayer } from './network.ts'
import { placesOf, reachOf, seatOf } from './places.ts'

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
  // Inputs have smaller indices, so one sweep from the back meets all readers of a layer before the layer.
  for (let i = layer; i >= 0; i--) {
    const interval = seen.get(i)
    const own = layers[i] as SupportedLayer
    if (interval === undefined || own.inputs.length === 0) continue
    for (const [input, from] of own.inputs.entries()) {
      const length = placesOf(layers[from] as SupportedLayer)[axis]
      const units: Interval = interval === 'whole' ? [0, placesOf(own)[axis]] : interval
      const reach = reachOf(network, own, { axis, input }, units, clipped)
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

/** Where units lie that are known already, along one axis, by layer and units. */
export type KnownSeats = Map<string, Interval | null>

/**
 * The pixels at the place of a unit, along one axis: as `seenBy`, but what mixes all places of a map leaves each where it is.
 * Null if the unit has no place in the image. `known` makes calls for layers one after the other short, as their units mostly have
 * the same places.
 */
export function seatOfUnit(
  network: Network,
  layer: number,
  axis: 0 | 1,
  unit: number,
  known: KnownSeats = new Map(),
): Interval | null {
  const keyOf = (at: number, units: Interval): string => `${at}:${units.join()}`
  const start = [layer, [unit, unit + 1]] as const
  // Networks are deeper than functions may call themselves.
  const stack: (readonly [number, Interval])[] = [start]
  while (stack.length > 0) {
    const [at, units] = stack.at(-1)!
    const reached = waysToSeats(network, at, axis, units)
    const missing = reached.filter((way) => !known.has(keyOf(...way)))
    stack.push(...missing)
    if (missing.length > 0) continue
    stack.pop()
    const seats = reached.map((way) => known.get(keyOf(...way))).filter((seat) => seat !== null)
    const all = seats.reduce<Seen | undefined>((sum, seat) => hull(sum, seat!), undefined)
    known.set(keyOf(at, units), at === network.input ? units : ((all as Interval | undefined) ?? null))
  }
  return known.get(keyOf(...start))!
}

/** The layers that lie before one, and the units of them that are at the place of its units. */
function waysToSeats(
  network: Network,
  layer: number,
  axis: 0 | 1,
  units: Interval,
): readonly (readonly [number, Interval])[] {
  const own = network.layers[layer] as SupportedLayer
  return own.inputs.flatMap((from, input) => {
    const there = seatOf(network, own, { axis, input }, units)
    if (there === null || there[0] >= there[1]) return []
    const length = placesOf(network.layers[from] as SupportedLayer)[axis]
    const clipped: Interval = [Math.max(there[0], 0), Math.min(there[1], length)]
    return clipped[0] < clipped[1] ? [[from, clipped] as const] : []
  })
}

function hull(a: Seen | undefined, b: Interval): Seen {
  if (a === undefined) return b
  return a === 'whole' ? a : [Math.min(a[0], b[0]), Math.max(a[1], b[1])]
}
