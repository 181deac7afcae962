/**
 * @file Where in the map the images' maxima lie: counts in a grid of eight by eight cells, or in the map itself along an axis
 * on which it is smaller. It shows subjects in the centre, and channels that fire at borders.
 *
 * A cell holds the units whose row or column, times eight and divided by the size of the map, rounds down to its number; so
 * cells differ by one row or column of units at most. An image whose units are all equal, as if a channel is silent in it,
 * has its maximum nowhere and is left out. Of several units with the maximum the first one counts.
 */
import { count, FieldProblem, list, optional, type ReadBy } from '../../fields.ts'
import type { Pair } from '../../model/network.ts'
import { mapSize } from '../../model/units.ts'
import type { Accumulator, Rows, Statistic } from './statistic.ts'

/** The cells along an axis, if there are as many units. */
const mostCells = 8

export interface Where {
  /** Rows and columns of the map. */
  readonly map: Pair
  /** Rows and columns of the grid. */
  readonly grid: Pair
  /** The number of images with their maximum in each cell, row by row. */
  readonly counts: readonly number[]
  /** The number of images that are counted, at least one. */
  readonly images: number
}

/** The grid for a map of so many rows and columns. */
export function gridOf([rows, columns]: Pair): Pair {
  return [Math.min(rows, mostCells), Math.min(columns, mostCells)]
}

/** The first row or column of units of cell `index` among `cells`, on an axis of `size` units; of `cells` itself: its end. */
export function firstOfCell(index: number, cells: number, size: number): number {
  return Math.ceil((index * size) / cells)
}

/** The cell of each unit, both row by row. */
function cellsOfUnits([rows, columns]: Pair): Uint8Array {
  const [ofRows, ofColumns] = gridOf([rows, columns])
  return Uint8Array.from({ length: rows * columns }, (_, unit) => {
    const row = Math.floor((Math.floor(unit / columns) * ofRows) / rows)
    return row * ofColumns + Math.floor(((unit % columns) * ofColumns) / columns)
  })
}

class WhereCounts implements Accumulator<Where, Uint32Array> {
  readonly #map: Pair
  readonly #cells: number
  readonly #cellOf: Uint8Array
  /** `[channels, cells]` */
  readonly #counts: Uint32Array

  constructor(channels: number, map: Pair) {
    const [rows, columns] = gridOf(map)
    this.#map = map
    this.#cells = rows * columns
    this.#cellOf = cellsOfUnits(map)
    this.#counts = new Uint32Array(channels * this.#cells)
  }

  addRows({ summary: { channels, max, min, position }, first, end }: Rows): void {
    const counts = this.#counts
    const cells = this.#cells
    const cellOf = this.#cellOf
    for (let row = first, i = row * channels; row < end; row++)
      for (let c = 0, at = 0; c < channels; c++, i++, at += cells)
        // With nothing but NaN the maximum is below the minimum.
        if (max[i]! > min[i]!) counts[at + cellOf[position[i]!]!]! += 1
  }

  of(channel: number): Where | null {
    return whereOf(this.#map, this.#counts.subarray(channel * this.#cells, (channel + 1) * this.#cells))
  }

  snapshot(): Uint32Array {
    return this.#counts.slice()
  }

  add(snapshot: Uint32Array): void {
    if (snapshot.length !== this.#counts.length)
      throw new RangeError(`a snapshot of ${snapshot.length} cells for ${this.#counts.length}`)
    for (let at = 0; at < snapshot.length; at++) this.#counts[at]! += snapshot[at]!
  }

  get bytes(): number {
    return this.#counts.byteLength + this.#cellOf.byteLength
  }
}

function whereOf(map: Pair, counts: Uint32Array): Where | null {
  const images = counts.reduce((sum, one) => sum + one, 0)
  return images === 0 ? null : { map, grid: gridOf(map), counts: [...counts], images }
}

const fields = { where: optional(list(list(count))) }

export interface WhereColumns {
  readonly map: Pair
  /** `[channels, cells]`, all 0 for a channel that has none. */
  readonly counts: Uint32Array
}

/** Layers of a single unit a channel do not have it, nor do channels whose units are all equal in each image. */
export const where = {
  id: 'where',
  counted: {
    version: 1,
    begin: ({ channels, units, columns }): Accumulator<Where> | null =>
      units === 1 ? null : new WhereCounts(channels, [units / columns, columns]),
  },
  record: {
    within: 'statistics',
    /** The counts of each row of the grid. */
    write: ({ grid: [rows, columns], counts }): { readonly where?: readonly (readonly number[])[] } => ({
      where: Array.from({ length: rows }, (_, row) => counts.slice(row * columns, (row + 1) * columns)),
    }),
    fields,
    gather() {
      const grids: (readonly (readonly number[])[] | null)[] = []
      return {
        add: (read) => void grids.push((read as ReadBy<typeof fields> | null)?.where ?? null),
        columns({ shape }) {
          const map = mapSize(shape)
          const [rows, columns] = gridOf(map)
          const counts = new Uint32Array(grids.length * rows * columns)
          for (const [channel, grid] of grids.entries()) {
            if (!grid) continue
            if (grid.length !== rows || grid.some((row) => row.length !== columns))
              throw new FieldProblem(`is not of ${rows}×${columns} counts, as its shape says`)
                .within('where')
                .within('statistics')
                .within(channel)
                .within('channels')
            counts.set(grid.flat(), channel * rows * columns)
          }
          return { map, counts }
        },
      }
    },
    read({ map, counts }, channel) {
      const [rows, columns] = gridOf(map)
      return whereOf(map, counts.subarray(channel * rows * columns, (channel + 1) * rows * columns))
    },
  },
} as const satisfies Statistic<Where, WhereColumns>
