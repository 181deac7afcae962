import { describe, expect, it } from 'vitest'
import { stepInGrid } from '../../../src/core/mosaic/gridSteps.ts'

/** 0 1 2 3 / 4 5 6 7 / 8 9 */
const grid = { items: 10, columns: 4, rowsPerPage: 2 }

describe('stepInGrid', () => {
  it.each([
    ['ArrowLeft', 4, 3],
    ['ArrowLeft', 0, 0],
    ['ArrowRight', 3, 4],
    ['ArrowRight', 9, 9],
    ['ArrowUp', 6, 2],
    ['ArrowUp', 2, 2],
    ['ArrowDown', 1, 5],
    ['ArrowDown', 5, 9],
    ['ArrowDown', 7, 9],
    ['ArrowDown', 8, 8],
    ['PageDown', 0, 8],
    ['PageDown', 3, 9],
    ['PageUp', 9, 1],
    ['PageUp', 5, 1],
    ['Home', 7, 0],
    ['End', 2, 9],
  ])('%s leads from %i to %i', (key, from, to) => {
    expect(stepInGrid(key, from, grid)).toBe(to)
  })

  it('leaves other keys alone', () => {
    expect(stepInGrid('a', 3, grid)).toBeNull()
    expect(stepInGrid('Escape', 3, grid)).toBeNull()
  })

  it('goes by one row a page where not even one is whole', () => {
    expect(stepInGrid('PageDown', 0, { ...grid, rowsPerPage: 0 })).toBe(4)
  })
})
