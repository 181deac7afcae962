/**
 * @file The places of a layer's units and the way from those of one layer to those of the layers that it reads. Maps have rows and
 * columns; of tokens, those that stand for patches have the rows and columns of the patches.
 */
import { kindOf } from './kinds/index.ts'
import type { Interval, Reach } from './kinds/kind.ts'
import type { Layer, Network, Pair, Shape, SupportedLayer } from './network.ts'
import { mapSize } from './units.ts'

/** Rows and columns; `[1, 1]` for a layer without places. */
export function placesOf({ tokens, shape }: Pick<SupportedLayer, 'tokens' | 'shape'>): Pair {
  return tokens?.grid ?? mapSize(shape)
}

/** An edge of the graph, from a layer to one of its inputs. */
export interface Way {
  readonly axis: 0 | 1
  readonly input: number
}

/** What units of a layer see of one of its inputs; see `Reach`. `clipped`: see `seenBy`. */
export function reachOf(
  { layers }: Network,
  layer: SupportedLayer,
  { axis, input }: Way,
  units: Interval,
  clipped = false,
): Reach {
  const { op, inputs, shape } = layer
  const from = layers[inputs[input]!] as SupportedLayer
  if (from.tokens || layer.tokens) {
    const isSame = String(placesOf(from)) === String(placesOf(layer))
    // The tokens of patches are in none of the others that are joined to them.
    if (!isSame && op.kind === 'concat') return [0, 0]
    if (!isSame) return op.kind === 'merge' ? 'context' : 'whole'
    if (op.kind === 'reshape') return units
  }
  const shapes = shapesRead(layers, layer)
  const kind = kindOf(op)
  const edge = { axis, input, inputs: shapes, output: shape }
  return (clipped && kind.reachWithin?.(op, edge, units)) || kind.reach(op, edge, units)
}

/** By the layers of a network and one of them. They are kept, because a layer of many inputs is asked for each of them. */
const shapesOf = new WeakMap<readonly Layer[], WeakMap<SupportedLayer, readonly Shape[]>>()

function shapesRead(layers: readonly Layer[], layer: SupportedLayer): readonly Shape[] {
  const known = shapesOf.get(layers) ?? new WeakMap<SupportedLayer, readonly Shape[]>()
  shapesOf.set(layers, known)
  const shapes = known.get(layer) ?? layer.inputs.map((i) => (layers[i] as SupportedLayer).shape)
  known.set(layer, shapes)
  return shapes
}

/**
 * As `reachOf`, of the places that units have in the image rather than of all that they see: what mixes all places, as attention
 * does, leaves each where it is. Null if the input has no such places.
 */
export function seatOf(network: Network, layer: SupportedLayer, way: Way, units: Interval): Interval | null {
  const reach = reachOf(network, layer, way, units)
  if (reach === 'context') return null
  if (reach !== 'whole') return reach
  const [there, here] = [
    placesOf(network.layers[layer.inputs[way.input]!] as SupportedLayer),
    placesOf(layer),
  ]
  return Math.max(...here) > 1 && String(there) === String(here) ? units : null
}
