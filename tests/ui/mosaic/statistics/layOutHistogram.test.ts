import { expect, it } from 'vitest'
import { MaximaHistogram } from '../../../../src/core/scan/maximaHistogram.ts'
import { type Chart, layOutChart } from '../../../../src/ui/mosaic/statistics/layOutHistogram.ts'
import { seeded } from '../../../fixtures/random.ts'

function chartOf(values: readonly number[]): Chart {
  const floats = Float32Array.from(values)
  const histogram = new MaximaHistogram(1)
  for (let i = 0; i < values.length; i++) histogram.addRow(new Uint32Array(floats.buffer), i, i + 1)
  return layOutChart(histogram.bins(0))
}

it('draws each image in one bar, in the order of the numbers, without overlap', () => {
  for (let seed = 0; seed < 100; seed++) {
    const random = seeded(seed)
    const kinds = random.pick([[1], [-1], [0], [1, 0], [1, -1], [0, -1], [1, 0, -1]])
    const values = Array.from(
      { length: random.int(1, 60) },
      () => random.pick(kinds) * 2 ** random.int(-20, 6) * (1 + random.next()),
    )
    const { bars, width, ticks } = chartOf(values)
    const sorted = bars.toSorted((a, b) => a.x - b.x)
    expect(bars.reduce((sum, { count }) => sum + count, 0)).toBe(values.length)
    for (const [i, bar] of sorted.entries()) {
      expect(bar.x).toBeGreaterThanOrEqual(0)
      expect(bar.x + bar.width, `seed ${seed}`).toBeLessThanOrEqual(width)
      const next = sorted[i + 1]
      if (!next) continue
      expect(next.x).toBeGreaterThanOrEqual(bar.x + bar.width)
      expect(next.from, `seed ${seed}`).toBeGreaterThanOrEqual(bar.from)
    }
    for (const { x } of ticks) expect(x).toBeLessThanOrEqual(width)
    const inOrder = ticks.toSorted((a, b) => a.x - b.x).map(({ value }) => value)
    expect(inOrder, `seed ${seed}`).toEqual(inOrder.toSorted((a, b) => a - b))
  }
})

it('has its marks at the edges of the bars', () => {
  const { bars, ticks, width } = chartOf([1, 1.2, 3.9])
  expect(width).toBe(16)
  expect(bars.map(({ x, from }) => [x, from])).toEqual([
    [0, 1],
    [1, 1.125],
    [15, 3.75],
  ])
  expect(ticks.toSorted((a, b) => a.x - b.x)).toEqual([
    { x: 0, value: 1 },
    { x: 8, value: 2 },
    { x: 16, value: 4 },
  ])
})

it('takes for zero what is smaller than a 4,096th of the largest', () => {
  const { bars } = chartOf([1, 0.9, 1e-4, 0, 0])
  expect(bars.find(({ width }) => width > 1)).toMatchObject({ count: 3 })
})
