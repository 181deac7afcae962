/**
 * @file Columns of counts or sums that exist only once something falls into them: which columns there are depends on
 * what was added, never on its order.
 */

export interface ColumnsSnapshot<A> {
  /** The indices of the columns (the key is in stored snapshots), ascending; `columns` are in the same order. */
  readonly places: Uint16Array
  readonly columns: readonly A[]
}

export class LazyColumns<A extends Float64Array | Uint32Array | Uint8Array> {
  /** By index; loops read it themselves and `open` a column that is not there. */
  readonly columns: (A | undefined)[]
  readonly #make: (index: number) => A
  /** The indices of the columns that there are, ascending. */
  #indices: number[] = []

  constructor(count: number, make: (index: number) => A) {
    // The array is filled, as holes are slow to read.
    this.columns = Array.from({ length: count }, () => undefined)
    this.#make = make
  }

  open(index: number): A {
    const known = this.columns[index]
    if (known) return known
    this.#indices = [...this.#indices, index].toSorted((a, b) => a - b)
    return (this.columns[index] = this.#make(index))
  }

  /** The columns that there are, by index. */
  get entries(): [index: number, column: A][] {
    return this.#indices.map((index) => [index, this.columns[index]!])
  }

  /** A copy of the columns that are wanted. */
  snapshot(wanted: (column: A) => boolean = () => true): ColumnsSnapshot<A> {
    const entries = this.entries.filter(([, column]) => wanted(column))
    return {
      places: Uint16Array.from(entries, ([index]) => index),
      columns: entries.map(([, column]) => column.slice() as A),
    }
  }

  /** Adds other columns to these. Throws `RangeError` if they have another length. */
  add(snapshot: ColumnsSnapshot<A>): void {
    for (const { own, column } of this.pairs(snapshot))
      for (let at = 0; at < own.length; at++) own[at]! += column[at]!
  }

  /** Each of the other columns with the own one of the same index. Throws `RangeError` if they have another length. */
  *pairs({ places, columns }: ColumnsSnapshot<A>): Generator<{ index: number; own: A; column: A }> {
    for (const [i, column] of columns.entries()) {
      const index = places[i]!
      const own = this.open(index)
      if (own.length !== column.length)
        throw new RangeError(`a snapshot of columns of ${column.length} for ${own.length}`)
      yield { index, own, column }
    }
  }

  get bytes(): number {
    return this.entries.reduce((sum, [, { byteLength }]) => sum + byteLength, 0)
  }
}
