/** @file What it means to cut a layer: to compute some rows and columns of its map, of no more of its inputs than they need. */
import type { Interval } from '../../model/kinds/kind.ts'
import type { OperationKind, OperationOf, Shape } from '../../model/network.ts'
import { isMap, mapSize } from '../../model/units.ts'

/** Rows and columns of a layer's map; `[[0, 1], [0, 1]]` for a layer that is none. */
export type Area = readonly [rows: Interval, columns: Interval]

export interface Asked<K extends OperationKind> {
  readonly op: OperationOf<K>
  readonly inputs: readonly Shape[]
  readonly output: Shape
  /** What readers want of the output; not empty and within its map. */
  readonly area: Area
}

export interface Cut<K extends OperationKind = OperationKind> {
  /** Gives `area` of what `wants` are of the inputs. Weights stay as they are. */
  readonly op: OperationOf<K>
  /** What it computes: all that is asked for, and maybe more, of which only what is asked for need be right. */
  readonly area: Area
  /** By input: what it takes of it, within its map; null: nothing, the input is left out. */
  readonly wants: readonly (Area | null)[]
}

/** Returns null if all of the layer has to be computed, of all of its inputs. */
export type Cutter<K extends OperationKind> = (asked: Asked<K>) => Cut<K> | null

export function wholeArea(shape: Shape): Area {
  const [rows, columns] = mapSize(shape)
  return [
    [0, rows],
    [0, columns],
  ]
}

export function sameArea(a: Area, b: Area): boolean {
  return String(a) === String(b)
}

export function hullOf([a, b]: Area, [c, d]: Area): Area {
  const along = (x: Interval, y: Interval): Interval => [Math.min(x[0], y[0]), Math.max(x[1], y[1])]
  return [along(a, c), along(b, d)]
}

/** The part of an interval that lies within a map of that length; null if none does. */
export function within([first, end]: Interval, length: number): Interval | null {
  const [low, high] = [Math.max(first, 0), Math.min(end, length)]
  return low < high ? [low, high] : null
}

export function lengthOf([first, end]: Interval): number {
  return end - first
}

/** What happens along one axis: what is taken of the one input, and what is computed. */
export interface Along<T> {
  readonly want: Interval
  readonly area: Interval
  /** What the operation is told about this axis. */
  readonly told: T
}

/** Cuts a layer of one map along rows and along columns, apart from each other; null if it cannot be cut along one of them. */
export function alongBoth<K extends OperationKind, T>(
  { inputs, area }: Asked<K>,
  along: (axis: 0 | 1, units: Interval, length: number) => Along<T> | null,
  made: (rows: T, columns: T) => OperationOf<K>,
): Cut<K> | null {
  const [input] = inputs
  if (!isMap(input!)) return null
  const [rows, columns] = [along(0, area[0], input[0]), along(1, area[1], input[1])]
  if (!rows || !columns) return null
  return {
    op: made(rows.told, columns.told),
    area: [rows.area, columns.area],
    wants: [[rows.want, columns.want]],
  }
}

/** A layer whose units depend on those at their own place. An input with one row, column or place is the same for all. */
export function samePlaces<K extends OperationKind>({ op, inputs, output, area }: Asked<K>): Cut<K> {
  const [rows, columns] = mapSize(output)
  const wants = inputs.map((input): Area => {
    const [height, width] = mapSize(input)
    return [height < rows ? [0, 1] : area[0], width < columns ? [0, 1] : area[1]]
  })
  return { op, area, wants }
}
