import { describe, expect, it } from 'vitest'
import {
  type HistogramBin,
  lowerEdge,
  MaximaHistogram,
  quantileBin,
  zeroBound,
} from '../../../src/core/scan/maximaHistogram.ts'
import { type Random, seeded } from '../../fixtures/random.ts'

/** The histogram of one channel. */
function histogramOf(values: readonly number[]): MaximaHistogram {
  const floats = Float32Array.from(values)
  const bits = new Uint32Array(floats.buffer)
  const histogram = new MaximaHistogram(1)
  for (let i = 0; i < bits.length; i++) histogram.addRow(bits, i, i + 1)
  return histogram
}

function contains({ number, negative, from, to }: HistogramBin, x: number): boolean {
  if (number === null) return from < x && x < to
  return negative ? from < x && x <= to : from <= x && x < to
}

const largest = 3.4028234663852886e38

function anySize(random: Random): number {
  const size = 2 ** random.int(-30, 20) * (1 + random.next())
  return Math.fround(random.pick([size, -size, 2 ** random.int(-26, 8), 0]))
}

describe('the histogram', () => {
  it('has each number in the one bin whose edges are around it', () => {
    const random = seeded(2)
    const values = Array.from({ length: 3000 }, () => anySize(random))
    const bins = histogramOf([...values, largest, -largest]).bins(0)
    for (const bin of bins)
      expect([...values, largest, -largest].filter((x) => contains(bin, x)).length, `${bin.from}`).toBe(
        bin.count,
      )
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(values.length + 2)
    expect(bins.map(({ from }) => from)).toEqual(bins.map(({ from }) => from).toSorted((a, b) => a - b))
  })

  it('has edges that can be told from the number of the bin', () => {
    expect([-8, -1, 0, 7, 8].map(lowerEdge)).toEqual([0.5, 0.9375, 1, 1.875, 2])
    const [below, zero, above] = histogramOf([-1.2, 1e-9, 2.3]).bins(0)
    expect(below).toEqual({ number: 1, negative: true, from: -1.25, to: -1.125, count: 1 })
    expect(zero).toEqual({ number: null, negative: false, from: -zeroBound, to: zeroBound, count: 1 })
    expect(above).toEqual({ number: 9, negative: false, from: 2.25, to: 2.5, count: 1 })
  })

  it('counts infinity apart, and leaves out what stands for nothing but NaN', () => {
    const histogram = histogramOf([Infinity, Infinity, -Infinity, 1])
    expect(histogram.infinite(0)).toBe(2)
    expect(histogram.bins(0).map(({ count }) => count)).toEqual([1])
    expect(histogramOf([1]).infinite(0)).toBe(0)
  })

  it('counts beyond what a byte holds, also when it is put together from parts', () => {
    for (const [one, other] of [
      [255, 1],
      [200, 100],
      [256, 256],
      [1000, 70_000],
      [0, 300],
    ] as const) {
      const ones = (count: number): number[] => Array.from({ length: count }, () => 1)
      const whole = histogramOf([...ones(one + other), -3])
      const merged = histogramOf([...ones(one), -3])
      merged.add(histogramOf(ones(other)).snapshot())
      expect(whole.bins(0).map(({ count }) => count)).toEqual([1, one + other])
      expect(merged.snapshot()).toEqual(whole.snapshot())
      expect(merged.bytes).toBe(whole.bytes)
    }
    expect(histogramOf(Array.from({ length: 600 }, () => Infinity)).infinite(0)).toBe(600)
  })

  it('knows quantiles to the width of a bin', () => {
    for (let seed = 0; seed < 50; seed++) {
      const random = seeded(seed)
      const values = Array.from({ length: random.int(1, 200) }, () => anySize(random))
      const sorted = values.toSorted((a, b) => a - b)
      const bins = histogramOf(values).bins(0)
      for (const q of [0, 0.1, 0.5, 0.9, 1]) {
        const exact = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]!
        expect(contains(quantileBin(bins, q)!, exact), `seed ${seed}, ${q}`).toBe(true)
      }
    }
    expect(quantileBin([], 0.5)).toBeNull()
  })
})
