import { describe, expect, it } from 'vitest'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { MaximaHistogram } from '../../../src/core/scan/maximaHistogram.ts'
import { percentileOf, Percentiles } from '../../../src/core/scan/percentile.ts'
import type { Histogram } from '../../../src/core/scan/statistics/histogram.ts'
import { type Random, seeded } from '../../fixtures/random.ts'
import { summary } from '../../fixtures/summaries.ts'

function histogramOf(maxima: readonly number[]): Histogram {
  const bits = new Uint32Array(Float32Array.from(maxima).buffer)
  const counted = new MaximaHistogram(1)
  for (let i = 0; i < bits.length; i++) counted.addRow(bits, i, i + 1)
  return { bins: counted.bins(0), infinite: counted.infinite(0) }
}

/** The share of all maxima that are below the value, by looking at each. */
function slowly(maxima: readonly number[], value: number): number {
  const counted = maxima.filter((max) => max !== -Infinity)
  return counted.filter((max) => max < value).length / counted.length
}

/** An eighth of the size: the width of a bin at most. Below 2^-24 all is one bin. */
const isNear = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(Math.abs(a), Math.abs(b)) / 8 || Math.max(Math.abs(a), Math.abs(b)) < 2 ** -23

function anyMaximum(random: Random): number {
  const size = 2 ** random.int(-30, 10) * (1 + random.next())
  return Math.fround(random.pick([size, -size, 1 + random.next(), 0, 2, -2, Infinity, -Infinity]))
}

describe('the percentile of a value', () => {
  it('holds the share of all maxima that are lower, and is no wider than the bin of the value', () => {
    const random = seeded(4)
    for (let round = 0; round < 20; round++) {
      const maxima = Array.from({ length: random.int(2, 200) }, () => anyMaximum(random))
      if (maxima.every((max) => max === -Infinity)) continue
      const histogram = histogramOf(maxima)
      const counted = maxima.filter((max) => max !== -Infinity)
      const values = [...maxima, ...Array.from({ length: 50 }, () => anyMaximum(random))]
      for (const value of values.filter((one) => one !== -Infinity)) {
        const { from, to } = percentileOf(histogram, value)!
        const exact = slowly(maxima, value)
        expect(from, `${value}`).toBeLessThanOrEqual(exact)
        expect(to, `${value}`).toBeGreaterThanOrEqual(exact)
        // What makes the difference lies near the value.
        const near = counted.filter((max) => Number.isFinite(max) && isNear(max, value)).length
        expect(to - from).toBeLessThanOrEqual(near / counted.length + 1e-12)
      }
    }
  })

  it('is exact at the edges of bins, on both sides of zero', () => {
    const histogram = histogramOf([-2, -1, 0, 1, 2])
    expect(percentileOf(histogram, -3)).toEqual({ from: 0, to: 0 })
    expect(percentileOf(histogram, -2)).toEqual({ from: 0, to: 0.2 })
    expect(percentileOf(histogram, 0)).toEqual({ from: 0.4, to: 0.6 })
    expect(percentileOf(histogram, 1.125)).toEqual({ from: 0.8, to: 0.8 })
    expect(percentileOf(histogram, 2)).toEqual({ from: 0.8, to: 1 })
    expect(percentileOf(histogram, 5)).toEqual({ from: 1, to: 1 })
  })

  it('counts images with an infinite maximum, and says nothing of what is no number', () => {
    const histogram = histogramOf([1, Infinity])
    expect(percentileOf(histogram, 9)).toEqual({ from: 0.5, to: 0.5 })
    expect(percentileOf(histogram, Infinity)).toEqual({ from: 0.5, to: 0.5 })
    expect(percentileOf(histogram, Number.NaN)).toBeNull()
    expect(percentileOf(histogram, -Infinity)).toBeNull()
    expect(percentileOf(histogramOf([-Infinity]), 1)).toBeNull()
  })

  it('follows a scan that goes on', () => {
    const result = new LayerResult(1, 4, 2)
    const percentiles = new Percentiles(result)
    expect(percentiles.of(0, 3)).toBeNull()
    result.absorb(summary(1, [1]), Int32Array.of(0))
    expect(percentiles.of(0, 3)).toEqual({ from: 1, to: 1 })
    result.absorb(summary(1, [5]), Int32Array.of(1))
    expect(percentiles.of(0, 3)).toEqual({ from: 0.5, to: 0.5 })
  })
})
