/** @file The bytes that get resized (a picture's pixels or its grey values), and tables for pictures of equal size. */
import type { Axis } from './fit.ts'

/** Rows of pixels. A pixel takes `step` bytes, of which the first `bands` count. */
export interface Raster {
  readonly data: Uint8ClampedArray | Uint8Array
  readonly width: number
  readonly step: 1 | 4
  readonly bands: 1 | 3 | 4
}

/** The pixels of the input that the resized picture covers: `first` … `end`, without `end`. */
export function covered({ offset, resized, inputSize }: Axis): { first: number; end: number } {
  return { first: Math.max(offset, 0), end: Math.min(offset + resized, inputSize) }
}

/** Caches the tables that `make` makes of axes: folders hold many pictures of few sizes. */
export function remembered<Table>(make: (axis: Axis) => Table): (axis: Axis) => Table {
  const tables = new Map<string, Table>()
  return (axis) => {
    const key = `${axis.size},${axis.start},${axis.length},${axis.resized},${axis.offset},${axis.inputSize},${axis.isCutFirst ?? false}`
    let table = tables.get(key)
    if (!table) {
      table = make(axis)
      if (tables.size === maxTables) tables.clear()
      tables.set(key, table)
    }
    return table
  }
}

/** The number of cached tables. One takes some kilobytes, or half a megabyte for Lanczos from 20,000 pixels. */
const maxTables = 64
