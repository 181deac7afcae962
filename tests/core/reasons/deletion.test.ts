import { describe, expect, it } from 'vitest'
import {
  centreFirst,
  deletedAfter,
  deletionArea,
  strongestFirst,
  withDeleted,
} from '../../../src/core/reasons/deletion.ts'

describe('an order of pixels', () => {
  it('begins with the largest number, and of equal ones with that nearer to the middle', () => {
    expect(strongestFirst([0, 3, 0, -1, 0, 0, 0, 0, 5], [3, 3])).toEqual([8, 1, 4, 5, 7, 0, 2, 6, 3])
  })

  it('goes from the centre outwards', () => {
    expect(centreFirst([3, 3])).toEqual([4, 1, 3, 5, 7, 0, 2, 6, 8])
    expect(centreFirst([1, 4])).toEqual([1, 2, 0, 3])
  })
})

describe('deletion', () => {
  it('makes the first pixels the mean of each channel', () => {
    const input = Float32Array.of(1, 2, 3, 4, 5, 6)
    expect([...withDeleted(input, [2, 0, 1], 2, [9, 8])]).toEqual([9, 8, 3, 4, 9, 8])
    expect([...input]).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('ends with all pixels', () => {
    expect(deletedAfter(10, 4)).toEqual([3, 5, 8, 10])
  })

  it('leaves a share of the activation on average', () => {
    // A straight fall from 5 to 1 leaves half.
    expect(deletionArea(5, [4, 3, 2, 1])).toBe(0.5)
    // All is gone after the first step: half of that step is left.
    expect(deletionArea(5, [1, 1, 1, 1])).toBe(0.125)
    // What inhibits is left to the end.
    expect(deletionArea(5, [9, 9, 9, 1])).toBe((0.5 + 2 + 2 + 2) / 4)
    expect(deletionArea(3, [4, 3])).toBeNull()
    expect(deletionArea(Number.NaN, [4, 3])).toBeNull()
  })
})
