import { describe, expect, it } from 'vitest'
import {
  type ActivationMap,
  heatColor,
  heatPixels,
  heatRange,
  heatRaster,
  strongestUnits,
} from '../../../src/core/mosaic/heatMap.ts'
import { type HeatGrid, heatGrid, unitUnder } from '../../../src/core/mosaic/heatGrid.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

function mapOf(rows: readonly (readonly number[])[]): ActivationMap {
  return { rows: rows.length, columns: rows[0]!.length, values: Float32Array.from(rows.flat()) }
}

describe('the range', () => {
  it('ends at the largest number, without its sign', () => {
    expect(heatRange(mapOf([[0, 3, 1]]))).toEqual({ end: 3, isSigned: false, nan: 0 })
    expect(heatRange(mapOf([[0, -3, 1]]))).toEqual({ end: 3, isSigned: true, nan: 0 })
  })

  it('leaves out NaN and infinity', () => {
    expect(heatRange(mapOf([[NaN, 2, Infinity, NaN]]))).toEqual({ end: 2, isSigned: false, nan: 2 })
    expect(heatRange(mapOf([[-Infinity, 0]]))).toEqual({ end: 1, isSigned: true, nan: 0 })
    expect(heatRange(mapOf([[NaN, 0, 0]]))).toEqual({ end: 0, isSigned: false, nan: 1 })
  })
})

describe('the pixels', () => {
  it('show nothing of 0 and NaN, and all of the strongest', () => {
    const pixels = heatPixels(mapOf([[0, NaN, 4, 1, -1, Infinity]]), { end: 4, isSigned: true })
    const at = (unit: number): number[] => Array.from(pixels.slice(unit * 4, unit * 4 + 4))
    expect([at(0), at(1)]).toEqual([
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
    expect(at(2)).toEqual([...heatColor(1, true), 255])
    expect(at(3)).toEqual([...heatColor(0.25, true), 128])
    expect(at(4)).toEqual([...heatColor(-0.25, true), 128])
    expect(at(5)).toEqual([...heatColor(1, true), 255])
  })

  it('of a map of zeros are empty', () => {
    expect(
      new Set(
        heatPixels(
          mapOf([
            [0, 0],
            [0, 0],
          ]),
          { end: 0, isSigned: false },
        ),
      ),
    ).toEqual(new Set([0]))
  })
})

describe('the raster', () => {
  const conv = (size: number, strides: number) =>
    spec('Conv2D', `c${size}${strides}`, { filters: 1, kernel_size: size, strides })
  const networks = {
    dense: chain([20, 23, 3], [conv(3, 1), conv(4, 2)]),
    'with gaps': chain([20, 23, 3], [conv(2, 3)]),
  }

  it.each(Object.entries(networks))(
    'of a %s grid shows each unit in its cell, and nothing elsewhere',
    (_, network) => {
      const layer = network.layers.length - 1
      const grid = heatGrid(network, layer) as HeatGrid
      const [rows, columns] = [grid.rows.length, grid.columns.length]
      const values = Float32Array.from({ length: rows * columns }, (__, i) => i + 1)
      const map = { rows, columns, values }
      const scale = heatRange(map)
      const { width, height, pixels, box } = heatRaster(map, grid, scale)
      const [top, left, bottom, right] = box
      const units = heatPixels(map, scale)
      let nothing = 0
      for (let y = 0.25; y < 20; y += 0.5)
        for (let x = 0.25; x < 23; x += 0.5) {
          const [row, column] = [
            ((y - top) * height) / (bottom - top),
            ((x - left) * width) / (right - left),
          ].map(Math.floor) as [number, number]
          const inside = row >= 0 && row < height && column >= 0 && column < width
          const shown = inside
            ? Array.from(pixels.subarray((row * width + column) * 4, (row * width + column + 1) * 4))
            : [0, 0, 0, 0]
          const unit = unitUnder(grid, [y, x])
          const at = unit ? (unit[0] * columns + unit[1]) * 4 : 0
          if (!unit) nothing++
          expect(shown, `${y}, ${x}`).toEqual(unit ? Array.from(units.slice(at, at + 4)) : [0, 0, 0, 0])
        }
      expect(nothing).toBeGreaterThan(100)
    },
  )
})

/** CIE 1976 L* of a colour in sRGB, from 0 to 100. */
function lightness(color: readonly number[]): number {
  const [r, g, b] = color.map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b
  return 116 * (y > 0.008856 ? Math.cbrt(y) : 7.787 * y + 16 / 116) - 16
}

it('equal steps of activation are equal steps of lightness, for both signs alike', () => {
  for (const [sign, isSigned, step] of [
    [1, false, 10.9],
    [1, true, 8.7],
    [-1, true, 8.7],
  ] as const) {
    const at = (ninths: number): number => lightness(heatColor((sign * ninths) / 9, isSigned))
    expect(at(0)).toBeLessThan(1)
    for (let i = 0; i < 9; i++) expect(Math.abs(at(i + 1) - at(i) - step)).toBeLessThan(3)
  }
  for (const share of [0.2, 0.5, 0.8, 1])
    expect(Math.abs(lightness(heatColor(share, true)) - lightness(heatColor(-share, true)))).toBeLessThan(4)
})

it('both signs are told apart by yellow against blue, which nearly all people see', () => {
  for (const share of [0.5, 0.7, 1]) {
    const [red, , blue] = heatColor(share, true)
    const [coldRed, , coldBlue] = heatColor(-share, true)
    expect(red).toBeGreaterThan(blue + 40)
    expect(coldBlue).toBeGreaterThan(coldRed + 50)
  }
})

describe('the strongest units', () => {
  it('are peaks: at least half as strong as the strongest, none beside a stronger one, the first of equal neighbours', () => {
    const map = mapOf([
      [5, 4, 0, 0, 2],
      [4, 3, 0, 0, 2],
      [0, 0, 0, 0, 0],
      [0, 7, 7, 0, 6],
    ])
    expect(strongestUnits(map, 5)).toEqual([
      [3, 1],
      [3, 4],
      [0, 0],
    ])
    expect(strongestUnits(map, 2)).toEqual([
      [3, 1],
      [3, 4],
    ])
  })

  it('are above 0, and never NaN', () => {
    expect(
      strongestUnits(
        mapOf([
          [-1, -2],
          [NaN, 0],
        ]),
        3,
      ),
    ).toEqual([])
    expect(strongestUnits(mapOf([[-1, NaN, 2]]), 3)).toEqual([[0, 2]])
  })

  it('begin with the first maximum, row by row', () => {
    const random = seeded(4)
    for (let i = 0; i < 300; i++) {
      const [rows, columns] = [1 + Math.floor(random.next() * 6), 1 + Math.floor(random.next() * 6)]
      const values = Float32Array.from({ length: rows * columns }, () => Math.floor(random.next() * 4))
      const first = values.indexOf(Math.max(...values))
      if (values[first] === 0) continue
      expect(strongestUnits({ rows, columns, values }, 1)).toEqual([
        [Math.floor(first / columns), first % columns],
      ])
    }
  })
})
