import { describe, expect, it } from 'vitest'
import { barsOf, rangeAt, scaleOf, thumbsAt } from '../../../src/core/mosaic/rangeScale.ts'

const values = Float64Array.of(-1e9, ...Array.from({ length: 998 }, (_, i) => i / 100), Number.NaN, 1e9)

describe('a scale', () => {
  it('of shares is from none to all, of other values without the few at the ends', () => {
    expect(scaleOf(Float64Array.of(0.2, 0.3), 'share')).toMatchObject({ from: 0, to: 1 })
    expect(scaleOf(Float64Array.of(0, 1, 1), 'yes')).toEqual({ from: 0, to: 1, bars: 2 })
    expect(scaleOf(values, 'number')).toMatchObject({ from: 0.03, to: 9.94 })
  })

  it('of values that are the same, or of none, is null', () => {
    expect(scaleOf(Float64Array.of(3, 3, Number.NaN), 'number')).toBe(null)
    expect(scaleOf(Float64Array.of(Number.NaN), 'share')).toBe(null)
    expect(scaleOf(new Float64Array(), 'share')).toBe(null)
    // Nearly all values are the same.
    expect(
      scaleOf(
        Float64Array.from({ length: 999 }, (_, i) => (i === 5 ? 2 : 1)),
        'number',
      ),
    ).toMatchObject({
      from: 1,
      to: 2,
    })
  })

  it('counts every value in one bar', () => {
    const scale = scaleOf(values, 'number')!
    const bars = barsOf(values, scale)
    expect(bars).toHaveLength(scale.bars)
    expect(bars.reduce((sum, count) => sum + count, 0)).toBe(1000)
    // A slow oracle.
    const width = (scale.to - scale.from) / scale.bars
    for (const [i, count] of bars.entries()) {
      const from = i === 0 ? -Infinity : scale.from + i * width
      const to = i === scale.bars - 1 ? Infinity : scale.from + (i + 1) * width
      expect(count).toBe(values.filter((value) => value >= from && value < to).length)
    }
  })
})

describe('two thumbs', () => {
  const scale = scaleOf(values, 'number')!

  it('at the ends are no range, and come back from the range that they make', () => {
    expect(rangeAt([0, scale.bars], scale)).toBeUndefined()
    expect(thumbsAt(undefined, scale)).toEqual([0, scale.bars])
    for (let low = 0; low <= scale.bars; low++)
      for (let high = low; high <= scale.bars; high++)
        expect(thumbsAt(rangeAt([low, high], scale), scale)).toEqual([low, high])
    expect(rangeAt([0, 4], scale)).toEqual([null, 2.01])
    expect(rangeAt([4, scale.bars], scale)).toEqual([2.01, null])
  })

  it('of a range beyond the scale are at its ends', () => {
    expect(thumbsAt([-100, 100], scale)).toEqual([0, scale.bars])
  })
})
