import { describe, expect, it } from 'vitest'
import { assign, type Weights } from '../../../src/core/compare/assignment.ts'
import { seeded } from '../../fixtures/random.ts'

/** The greatest sum over all ways, tried one after the other. */
function greatest({ rows, columns, weights }: Weights): number {
  const count = Math.min(rows, columns)
  const from = (row: number, taken: number, left: number): number => {
    if (left === 0) return 0
    if (row === rows) return -Infinity
    // With more rows than columns a row may stay alone.
    let best = rows - row > left ? from(row + 1, taken, left) : -Infinity
    for (let c = 0; c < columns; c++)
      if ((taken & (1 << c)) === 0)
        best = Math.max(best, weights[row * columns + c]! + from(row + 1, taken | (1 << c), left - 1))
    return best
  }
  return from(0, 0, count)
}

function sumOf({ columns, weights }: Weights, of: Int32Array): number {
  return of.reduce((sum, column, row) => sum + (column < 0 ? 0 : weights[row * columns + column]!), 0)
}

describe('an assignment', () => {
  it('has the greatest sum of all, whatever the shape, with equal and negative weights', () => {
    const random = seeded(3)
    for (let round = 0; round < 400; round++) {
      const [rows, columns] = [random.int(1, 6), random.int(1, 6)]
      const coarse = round % 2 === 0
      const weights = Float64Array.from({ length: rows * columns }, () =>
        coarse ? random.int(-2, 2) : random.next() * 2 - 1,
      )
      const problem = { rows, columns, weights }
      const of = assign(problem)
      const taken = [...of].filter((column) => column >= 0)
      expect(taken).toHaveLength(Math.min(rows, columns))
      expect(new Set(taken).size).toBe(taken.length)
      expect(sumOf(problem, of)).toBeCloseTo(greatest(problem), 12)
    }
  })

  it('finds a shuffled identity again', () => {
    const random = seeded(9)
    const size = 300
    const truth = random.shuffled(Array.from({ length: size }, (_, i) => i))
    const weights = Float64Array.from({ length: size * size }, () => random.next() * 0.9)
    for (const [row, column] of truth.entries()) weights[row * size + column] = 1
    expect([...assign({ rows: size, columns: size, weights })]).toEqual(truth)
  })
})
