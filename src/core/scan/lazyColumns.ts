/**
 * @file Columns of counts or sums that exist only once something falls into them: which columns there are depends on
 * what was added, never on its order.
 */

export interface ColumnsSnapshot<A> {
  /** The indices of the columns, ascending; `columns` are in the same order. */
  readonly places: Uint16Array
  readonly columns: readonly A[]
}

export class LazyColumns<A extends Float64Array | Uint32Array | Uint8Array> {
  /** By index; loops read it themselves and `open` a column that is not there. */
  readonly columns: (A | undefined)[]
  readonly #make: (place: number) => A
  /** The indices of the columns that there are, ascending. */
  #places: number[] = []

  constructor(places: number, make: (place: number) => A) {
    // The array is filled, as holes are slow to read.
    this.columns = Array.from({ length: places }, () => undefined)
    this.#make = make
  }

  open(place: number): A {
    const known = this.columns[place]
    if (known) return known
    this.#places = [...this.#places, place].toSorted((a, b) => a - b)
    return (this.columns[place] = this.#make(place))
  }

  /** The columns that there are, by index. */
  get entries(): [place: number, column: A][] {
    return this.#places.map((place) => [place, this.columns[place]!])
  }

  /** A copy of the columns that are wanted. */
  snapshot(wanted: (column: A) => boolean = () => true): ColumnsSnapshot<A> {
    const entries = this.entries.filter(([, column]) => wanted(column))
    return {
      places: Uint16Array.from(entries, ([place]) => place),
      columns: entries.map(([, column]) => column.slice() as A),
    }
  }

  /** Adds other columns to these. Throws `RangeError` if they have another length. */
  add(snapshot: ColumnsSnapshot<A>): void {
    for (const { own, column } of this.pairs(snapshot))
      for (let at = 0; at < own.length; at++) own[at]! += column[at]!
  }

  /** Each of the other columns with the own one of the same index. Throws `RangeError` if they have another length. */
  *pairs({ places, columns }: ColumnsSnapshot<A>): Generator<{ place: number; own: A; column: A }> {
    for (const [i, column] of columns.entries()) {
      const place = places[i]!
      const own = this.open(place)
      if (own.length !== column.length)
        throw new RangeError(`a snapshot of columns of ${column.length} for ${own.length}`)
      yield { place, own, column }
    }
  }

  get bytes(): number {
    return this.entries.reduce((sum, [, { byteLength }]) => sum + byteLength, 0)
  }
}
