/** @file Readers of the typed arrays that a snapshot holds. Files may have been damaged, or written by anybody. */
import { FieldProblem, list, object, type Reader } from '../fields.ts'
import type { ColumnsSnapshot } from './lazyColumns.ts'

export type StoredArray = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array

interface ArrayKind<A extends StoredArray> {
  readonly name: string
  new (length: number): A
}

/** Reads an array of this type, of `length` numbers if that is given. */
export function array<A extends StoredArray>(kind: ArrayKind<A>, length?: number): Reader<A> {
  return (value) => {
    if (!(value instanceof kind))
      throw new FieldProblem(value === undefined ? 'is missing' : `is no ${kind.name}`)
    if (length !== undefined && value.length !== length)
      throw new FieldProblem(
        `has ${value.length.toLocaleString('en')} numbers, not ${length.toLocaleString('en')}`,
      )
    return value
  }
}

/** Reads what `reader` does, and refuses the first number that does not fit. `wanted`: what numbers have to be. */
export function each<A extends StoredArray>(
  reader: Reader<A>,
  fits: (number: number, at: number) => boolean,
  wanted: string,
): Reader<A> {
  return (value) => {
    const read = reader(value)
    for (let at = 0; at < read.length; at++)
      if (!fits(read[at]!, at)) throw new FieldProblem(`is ${read[at]}, not ${wanted}`).within(at)
    return read
  }
}

/** Reads columns that there may be `count` of. `column` reads one, by its index. */
export function columnsOf<A extends StoredArray>(
  count: number,
  column: (index: number) => Reader<A>,
): Reader<ColumnsSnapshot<A>> {
  const places = array(Uint16Array)
  const outer = object({ places, columns: list((value: unknown) => value) })
  return (value) => {
    const read = outer(value)
    if (read.columns.length !== read.places.length)
      throw new FieldProblem(`has ${read.columns.length} columns for ${read.places.length} places`)
    const wrong = read.places.findIndex(
      (place, i) => place >= count || (i > 0 && place <= read.places[i - 1]!),
    )
    if (wrong >= 0)
      throw new FieldProblem(`is ${read.places[wrong]}: places ascend, and are below ${count}`)
        .within(wrong)
        .within('places')
    let at = 0
    const columns = list((one) => column(read.places[at++]!)(one))
    try {
      return { places: read.places, columns: columns(read.columns) }
    } catch (error) {
      throw error instanceof FieldProblem ? error.within('columns') : error
    }
  }
}
