import { describe, expect, it } from 'vitest'
import { outlierCount } from '../../../src/core/scan/outliers.ts'

describe('outliers of the top', () => {
  it.each([
    ['none of an even row', [9, 8, 7, 6, 5, 4, 3], 0],
    ['one far above the others', [20, 9, 8, 7, 6, 5], 1],
    ['two far above the others', [21, 20, 9, 8, 7, 6, 5], 2],
    ['one at exactly the range of the others', [8, 6, 5, 4], 1],
    ['none a little nearer', [7.9, 6, 5, 4], 0],
    ['one above equal ones', [2, 1, 1, 1], 1],
    ['none of equal ones', [1, 1, 1, 1, 1], 0],
    ['below zero too', [-1, -9, -10, -11], 1],
    ['no more than half', [9, 9, 9, 9, 1, 1], 0],
    ['none among so few', [100, 1, 1], 0],
    ['none of nothing', [], 0],
  ] as const)('%s', (_, values, count) => {
    expect(outlierCount(values)).toBe(count)
  })
})
