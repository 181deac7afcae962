/**
 * @file The assignment problem: which row goes with which column, one to one, so that the sum of weights is greatest. By shortest
 * augmenting paths (R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
 * problems", 1987), which begins with each row's best column where that is free. O(n³) at worst.
 */

/** `weights` is `[rows, columns]` and finite. */
export interface Weights {
  readonly rows: number
  readonly columns: number
  readonly weights: Float64Array
}

/** Returns the column of each row, -1 for rows that are left over because there are more rows than columns. */
export function assign({ rows, columns, weights }: Weights): Int32Array {
  const isWide = rows <= columns
  const of = assignWide(
    isWide ? rows : columns,
    isWide ? columns : rows,
    isWide ? weights : transposed(weights, rows, columns),
  )
  if (isWide) return of
  const columnOf = new Int32Array(rows).fill(-1)
  for (const [column, row] of of.entries()) columnOf[row] = column
  return columnOf
}

function transposed(weights: Float64Array, rows: number, columns: number): Float64Array {
  const turned = new Float64Array(weights.length)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = weights[r * columns + c]!
  return turned
}

/** There are no more rows than columns. */
function assignWide(rows: number, columns: number, weights: Float64Array): Int32Array {
  const columnOf = new Int32Array(rows).fill(-1)
  const rowOf = new Int32Array(columns).fill(-1)
  // Dual values: for all pairs cost − rowPrice − columnPrice ≥ 0, and 0 for those that are assigned; a cost is −weight.
  const rowPrice = new Float64Array(rows)
  const columnPrice = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    let best = 0
    for (let c = 1; c < columns; c++)
      if (weights[row * columns + c]! > weights[row * columns + best]!) best = c
    rowPrice[row] = -weights[row * columns + best]!
    if (rowOf[best]! >= 0) continue
    rowOf[best] = row
    columnOf[row] = best
  }
  /** How far each column is from the row that looks for one, and from which column the way leads there; -1: from that row. */
  const distance = new Float64Array(columns)
  const from = new Int32Array(columns)
  const isReached = new Uint8Array(columns)
  for (let start = 0; start < rows; start++) {
    if (columnOf[start]! >= 0) continue
    distance.fill(Infinity)
    isReached.fill(0)
    let row = start
    let column = -1
    let length = 0
    do {
      const base = row * columns
      let next = -1
      for (let c = 0; c < columns; c++) {
        if (isReached[c] === 1) continue
        const through = length - weights[base + c]! - rowPrice[row]! - columnPrice[c]!
        if (through < distance[c]!) {
          distance[c] = through
          from[c] = column
        }
        if (next < 0 || distance[c]! < distance[next]!) next = c
      }
      column = next
      length = distance[column]!
      isReached[column] = 1
      row = rowOf[column]!
    } while (row >= 0)
    rowPrice[start]! += length
    for (let c = 0; c < columns; c++) {
      if (isReached[c] === 0 || c === column) continue
      const nearer = length - distance[c]!
      columnPrice[c]! -= nearer
      rowPrice[rowOf[c]!]! += nearer
    }
    for (let at = column; at >= 0;) {
      const before = from[at]!
      const taken: number = before < 0 ? start : rowOf[before]!
      rowOf[at] = taken
      columnOf[taken] = at
      at = before
    }
  }
  return columnOf
}
