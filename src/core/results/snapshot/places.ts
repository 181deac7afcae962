/** @file Where the units of a layer look, as a snapshot keeps it: along each axis, as boxes are products of two intervals. */
import { FieldProblem, object, orNull, type Reader } from '../../fields.ts'
import type { Shape } from '../../model/network.ts'
import type { Box, UnitPlaces } from '../../model/receptiveField.ts'
import { mapSize } from '../../model/units.ts'
import { array } from '../../scan/storedArrays.ts'
import type { StoredPlaces } from './snapshotHead.ts'

export function storedPlaces(places: UnitPlaces, shape: Shape): StoredPlaces {
  const [rows, columns] = mapSize(shape)
  const along = (length: number, at: (unit: number) => readonly [number, number]): Int32Array =>
    Int32Array.from(Array.from({ length }, (_, unit) => at(unit)).flat())
  const seatOf = (units: number, at: (other: number) => Box | null, first: 0 | 1) => {
    for (let other = 0; other < units; other++) {
      const seat = at(other)
      if (seat) return ends(seat, first)
    }
    return [0, 0] as const
  }
  const seatRows = along(rows, (row) => seatOf(columns, (column) => places.seat(row, column), 0))
  const seatColumns = along(columns, (column) => seatOf(rows, (row) => places.seat(row, column), 1))
  const hasSeats = seatRows.some((edge) => edge !== 0)
  return {
    rows: along(rows, (row) => ends(places.box(row, 0), 0)),
    columns: along(columns, (column) => ends(places.box(0, column), 1)),
    seatRows: hasSeats ? seatRows : null,
    seatColumns: hasSeats ? seatColumns : null,
  }
}

function ends(box: Box, first: 0 | 1): readonly [number, number] {
  return [box[first], box[first + 2]!]
}

/** Reads the places of a layer of this shape. */
export function placesFields(shape: Shape): Reader<StoredPlaces> {
  const [rows, columns] = mapSize(shape)
  const intervals = (units: number): Reader<Int32Array> => {
    const edges = array(Int32Array, 2 * units)
    return (value) => {
      const read = edges(value)
      for (let at = 0; at < read.length; at += 2)
        if (read[at + 1]! < read[at]!) throw new FieldProblem('ends before it begins').within(at)
      return read
    }
  }
  return object({
    rows: intervals(rows),
    columns: intervals(columns),
    seatRows: orNull(intervals(rows)),
    seatColumns: orNull(intervals(columns)),
  })
}

export class PlacesOfFile implements UnitPlaces {
  readonly #places: StoredPlaces

  constructor(places: StoredPlaces) {
    this.#places = places
  }

  box(row: number, column: number): Box {
    return boxOf(this.#places.rows, this.#places.columns, row, column)
  }

  seat(row: number, column: number): Box | null {
    const { seatRows, seatColumns } = this.#places
    if (!seatRows || !seatColumns) return null
    const seat = boxOf(seatRows, seatColumns, row, column)
    return seat[2] > 0 && seat[3] > 0 ? seat : null
  }
}

function boxOf(rows: Int32Array, columns: Int32Array, row: number, column: number): Box {
  return [rows[2 * row]!, columns[2 * column]!, rows[2 * row + 1]!, columns[2 * column + 1]!]
}
