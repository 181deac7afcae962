import { describe, expect, it } from 'vitest'
import { LayerResult } from '../../../../src/core/scan/layerResult.ts'
import { border } from '../../../../src/core/scan/measures/border.ts'
import { Evidence } from '../../../../src/core/scan/measures/evidence.ts'
import { seeded } from '../../../fixtures/random.ts'
import { firstImages, summary } from '../../../fixtures/summaries.ts'

const images = 400

/** A layer of one channel with the maxima at these units, row by row. */
function found(rows: number, columns: number, units: readonly number[]): number | null {
  const result = new LayerResult(1, rows * columns, 4, null, columns)
  const max = units.map((_, image) => 1 + (image % 3))
  result.absorb(
    summary(1, max, { position: Uint32Array.from(units), min: new Float32Array(units.length) }),
    firstImages(units.length),
  )
  return border.of(new Evidence(result, 0, 4, new Int32Array(units.length)))
}

/** From the places of all units and maxima, cell by cell. */
function oracle(rows: number, columns: number, units: readonly number[]): number {
  const [gridRows, gridColumns] = [Math.min(8, rows), Math.min(8, columns)]
  const isOuter = (unit: number): boolean => {
    const row = Math.floor((Math.floor(unit / columns) * gridRows) / rows)
    const column = Math.floor(((unit % columns) * gridColumns) / columns)
    return row === 0 || column === 0 || row === gridRows - 1 || column === gridColumns - 1
  }
  const share = (list: readonly number[]): number => list.filter(isOuter).length / list.length
  return share(units) / share([...Array(rows * columns).keys()])
}

describe('the bias to borders', () => {
  it.each([
    [8, 8],
    [39, 39],
    [13, 5],
    [3, 20],
    [10, 9],
  ])('of %i×%i units is the share of maxima there by the share of units', (rows, columns) => {
    const random = seeded(rows * 100 + columns)
    for (const bend of [1, 0.2, 4]) {
      const units = Array.from({ length: images }, () => Math.floor(random.next() ** bend * rows * columns))
      expect(found(rows, columns, units)).toBeCloseTo(oracle(rows, columns, units), 12)
    }
  })

  it('has no meaning on maps that are all border, or without places', () => {
    expect(found(2, 9, [0, 5])).toBe(null)
    expect(found(9, 2, [0, 5])).toBe(null)
    expect(found(1, 1, [0, 0])).toBe(null)
  })
})
