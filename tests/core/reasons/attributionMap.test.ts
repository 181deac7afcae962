import { describe, expect, it } from 'vitest'
import {
  betweenMeanAnd,
  contributions,
  inputWithin,
  partOfMap,
  shareOfStep,
  spread,
  sumOf,
} from '../../../src/core/reasons/attributionMap.ts'
import { seeded } from '../../fixtures/random.ts'

describe('contributions', () => {
  it('sum over channels the mean gradient times the distance from the mean', () => {
    const input = Float32Array.of(1, 2, 3, 4)
    const gradients = [1, 10, 0, 2, 3, -10, 4, 2]
    // Means of gradients: 2, 0, 2, 2; distances from (0.5, 1): 0.5, 1, 2.5, 3.
    expect([...contributions(gradients, input, [0.5, 1])]).toEqual([1, 11])
  })

  it('of a polynomial come to the difference of its values, but for the error of the midpoint rule', () => {
    const [mean, input, steps] = [[0.2, -0.4], Float32Array.of(1.5, 0.75), 16]
    const value = (x: ArrayLike<number>): number => x[0]! ** 2 * x[1]! + x[1]!
    const gradients = Array.from({ length: steps }, (_, step) => {
      const x = betweenMeanAnd(input, mean, shareOfStep(step, steps))
      return [2 * x[0]! * x[1]!, x[0]! ** 2 + 1]
    }).flat()
    expect(sumOf(contributions(gradients, input, mean))).toBeCloseTo(value(input) - value(mean), 2)
  })

  it('begin at the mean and end at the image', () => {
    const input = Float32Array.of(3, 5, 7, 9)
    expect([...betweenMeanAnd(input, [1, 2], 0)]).toEqual([1, 2, 1, 2])
    expect([...betweenMeanAnd(input, [1, 2], 1)]).toEqual([3, 5, 7, 9])
    expect([0, 1, 2, 3].map((step) => shareOfStep(step, 4))).toEqual([0.125, 0.375, 0.625, 0.875])
  })
})

describe('a smoothed map', () => {
  it.each([0.7, 1, 3])('has the same sum, at borders too (%d pixels)', (deviation) => {
    const random = seeded(2)
    const values = Float64Array.from({ length: 7 * 11 }, () => random.next() - 0.5)
    const smooth = spread(values, [7, 11], deviation)
    expect(sumOf(smooth)).toBeCloseTo(sumOf(values), 10)
    expect(smooth).not.toEqual(values)
  })

  it('is a Gaussian around a single pixel', () => {
    const values = new Float64Array(15 * 13)
    values[7 * 13 + 6] = 1
    const smooth = spread(values, [15, 13], 1)
    const weight = (distance: number): number => Math.exp(-(distance ** 2) / 2)
    const all = [-3, -2, -1, 0, 1, 2, 3].map(weight).reduce((a, b) => a + b)
    expect(smooth[8 * 13 + 4]).toBeCloseTo((weight(1) * weight(2)) / all ** 2, 12)
    expect(smooth[3 * 13 + 6]).toBe(0)
  })
})

describe('parts', () => {
  it('are cut from maps and inputs', () => {
    const values = Float64Array.from({ length: 12 }, (_, i) => i)
    // Rows 2 to 4 and columns 5 to 8, of which the last two of each.
    expect([...partOfMap(values, [2, 5, 5, 9], [3, 7, 5, 9])]).toEqual([6, 7, 10, 11])
    const input = Float32Array.from({ length: 24 }, (_, i) => i)
    expect([...inputWithin(input, [3, 4, 2], [1, 2, 3, 4])]).toEqual([12, 13, 14, 15, 20, 21, 22, 23])
  })
})
