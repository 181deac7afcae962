/** @file Keyboard navigation in a grid that is filled row by row. */

export interface Grid {
  /** The number of items in all rows together. */
  readonly items: number
  readonly columns: number
  /** The number of whole rows on the screen. */
  readonly rowsPerPage: number
}

/**
 * The item that a key leads to, as in the grids of the ARIA Authoring Practices; null if the key has no meaning there.
 * Left and right continue in the row before or after; up and down stay at the item if there is no further row.
 */
export function stepInGrid(key: string, from: number, { items, columns, rowsPerPage }: Grid): number | null {
  const last = items - 1
  const rows = (count: number): number => {
    // The last row may be shorter: from a column that it does not have, down leads to its last item.
    const lastRow = Math.floor(last / columns)
    const row = Math.floor(from / columns)
    const to = Math.min(lastRow, Math.max(0, row + count))
    return to === row ? from : Math.min(last, to * columns + (from % columns))
  }
  switch (key) {
    case 'ArrowLeft':
      return Math.max(0, from - 1)
    case 'ArrowRight':
      return Math.min(last, from + 1)
    case 'ArrowUp':
      return rows(-1)
    case 'ArrowDown':
      return rows(1)
    case 'PageUp':
      return rows(-Math.max(1, rowsPerPage))
    case 'PageDown':
      return rows(Math.max(1, rowsPerPage))
    case 'Home':
      return 0
    case 'End':
      return last
    default:
      return null
  }
}
