import { describe, expect, it } from 'vitest'
import { hiddenSquares, lossMap, withHidden } from '../../../src/core/reasons/occlusion.ts'

describe('hidden squares', () => {
  it.each([
    [20, 20, 4],
    [46, 46, 9],
    [7, 12, 1],
    [3, 3, 1],
    [1, 1, 1],
    [224, 96, 19],
  ])('cover each pixel of %d×%d, with a side of %d', (rows, columns, side) => {
    const squares = hiddenSquares(rows, columns)
    expect(squares.side).toBe(side)
    const map = lossMap(
      squares,
      squares.places.map(() => 1),
      [rows, columns],
    )
    expect(new Set(map)).toEqual(new Set([1]))
    for (const [top, left] of squares.places) {
      expect(top).toBeGreaterThanOrEqual(0)
      expect(left).toBeGreaterThanOrEqual(0)
    }
    expect(new Set(squares.places.map(String)).size).toBe(squares.places.length)
  })

  it('become the mean', () => {
    const input = new Float32Array(18)
    expect([...withHidden(input, 3, [1, 2], 2, [1, 0])]).toEqual([
      0, 0, 0, 0, 0, 0, 1, 2, 1, 2, 0, 0, 1, 2, 1, 2, 0, 0,
    ])
  })

  it('give each pixel the mean loss of those that hide it', () => {
    const squares = {
      side: 2,
      places: [
        [0, 0],
        [0, 1],
        [1, 1],
      ],
    } as const
    expect([...lossMap(squares, [4, 2, -6], [3, 3])]).toEqual([4, 3, 2, 4, 0, -2, 0, -6, -6])
    // As far as they have been hidden.
    expect([...lossMap(squares, [4], [3, 3])]).toEqual([4, 4, 0, 4, 4, 0, 0, 0, 0])
  })
})
