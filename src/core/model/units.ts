/** @file What a layer's units are. Whether a layer is a map, tokens or a vector is decided here and nowhere else. */
import type { MapShape, Pair, Shape } from './network.ts'

/** The units of one channel. */
export type Units =
  /** One unit at each row and column. */
  | { readonly kind: 'map'; readonly rows: number; readonly columns: number }
  /** One unit a token, as in a transformer; `grid`: the rows and columns of patches that tokens stand for, if they do. */
  | { readonly kind: 'tokens'; readonly count: number; readonly grid?: Pair }
  /** A single one: a dense layer, or a map that has been pooled. */
  | { readonly kind: 'vector' }

/** Is null for shapes that no known layer gives its units. */
export function unitsOf(shape: Shape): Units | null {
  switch (shape.length) {
    case 1:
      return { kind: 'vector' }
    case 2:
      return { kind: 'tokens', count: shape[0]! }
    case 3:
      return { kind: 'map', rows: shape[0]!, columns: shape[1]! }
    default:
      return null
  }
}

export function isMap(shape: Shape): shape is MapShape {
  return unitsOf(shape)?.kind === 'map'
}

/** Rows and columns of a layer's map; `[1, 1]` for a layer that is none. */
export function mapSize(shape: Shape): Pair {
  const units = unitsOf(shape)
  return units?.kind === 'map' ? [units.rows, units.columns] : [1, 1]
}

/** Row and column of a flat, row-major position in a layer's map. */
export function unitAt(shape: Shape, position: number): Pair {
  const [, columns] = mapSize(shape)
  return [Math.floor(position / columns), position % columns]
}
