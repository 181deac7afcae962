import { describe, expect, it } from 'vitest'
import { compareExtremes, type Extremes, selfTestTolerance } from '../../../src/core/scan/selfTest.ts'

function layer(number: number, max: number[], min: number[]): Extremes {
  return { layer: number, max: Float32Array.from(max), min: Float32Array.from(min) }
}

const reference = [layer(2, [1, 4], [0, -2]), layer(5, [200, 50], [-1, 0])]

describe('compareExtremes', () => {
  it('finds no difference between equals', () => {
    expect(compareExtremes(reference, reference)).toEqual({ error: 0, first: null })
  })

  it('is relative to the largest activation of each layer', () => {
    const found = [layer(2, [1, 4.002], [0, -2]), layer(5, [200, 50.1], [-1, 0])]
    const { error, first } = compareExtremes(found, reference)
    expect(error).toBeCloseTo(0.0005, 6)
    expect(first).toBeNull()
  })

  it('names the first layer beyond the tolerance, not the worst', () => {
    const found = [layer(2, [1, 4], [0, -2.02]), layer(5, [220, 50], [-1, 0])]
    const { error, first } = compareExtremes(found, reference)
    expect(first!.layer).toBe(2)
    expect(first!.error).toBeCloseTo(0.005, 6)
    expect(error).toBeCloseTo(0.1, 6)
    expect(first!.error).toBeGreaterThan(selfTestTolerance)
  })

  it('takes what is not finite on one side for the largest difference there is', () => {
    const nothing = [layer(0, [-Infinity], [Infinity])]
    expect(compareExtremes(nothing, nothing)).toEqual({ error: 0, first: null })
    for (const found of [layer(0, [1], [Infinity]), layer(0, [NaN], [NaN])])
      expect(compareExtremes([found], nothing).error).toBe(Infinity)
    const overflow = [layer(0, [Infinity, 1], [0, 0])]
    expect(compareExtremes(overflow, [layer(0, [70_000, 1], [0, 0])]).first).toEqual({
      layer: 0,
      error: Infinity,
    })
  })

  it('compares layers of zeros', () => {
    const zeros = [layer(0, [0], [0])]
    expect(compareExtremes([layer(0, [1e-5], [0])], zeros).first).toBeNull()
    expect(compareExtremes([layer(0, [0.5], [0])], zeros).first).toEqual({ layer: 0, error: 0.5 })
  })

  it('refuses probes of other layers', () => {
    expect(() => compareExtremes(reference, [])).toThrow(RangeError)
  })
})
