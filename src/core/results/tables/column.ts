/** @file A column of a table that is written as typed values. */

export type Column = { readonly name: string } & (
  | {
      readonly kind: 'text'
      /** Each text once, as a table of patches has each path many times. */
      readonly texts: readonly string[]
      /** The index of each row's text, -1 for none. */
      readonly indexes: Int32Array<ArrayBuffer>
    }
  | { readonly kind: 'whole'; readonly values: Int32Array<ArrayBuffer> }
  /** What is not known is NaN. */
  | { readonly kind: 'number'; readonly values: Float32Array<ArrayBuffer> | Float64Array<ArrayBuffer> }
)

/** Stands for what is not there, in a column of whole numbers. */
export const nothing = -(2 ** 31)

/** Gathers the texts of a column row by row; an empty one is none. */
export class TextColumn {
  readonly #texts: string[] = []
  readonly #indexOf = new Map<string, number>([['', -1]])
  readonly #indexes: number[] = []
  readonly #name: string

  constructor(name: string) {
    this.#name = name
  }

  add(text: string): void {
    let index = this.#indexOf.get(text)
    if (index === undefined) this.#indexOf.set(text, (index = this.#texts.push(text) - 1))
    this.#indexes.push(index)
  }

  /** Takes back all but the first rows. */
  cut(rows: number): void {
    this.#indexes.length = rows
  }

  column(): Column {
    return { name: this.#name, kind: 'text', texts: this.#texts, indexes: Int32Array.from(this.#indexes) }
  }
}

/** The memory of the columns, to be handed over. */
export function buffersOfTable(columns: readonly Column[]): ArrayBuffer[] {
  return columns.map((column) => (column.kind === 'text' ? column.indexes : column.values).buffer)
}
