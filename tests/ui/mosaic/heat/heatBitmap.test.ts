/** Heat-maps drawn into larger pictures: each unit in its cell, and nothing outside. */
import { expect, it } from 'vitest'
import { type HeatGrid, heatGrid, unitUnder } from '../../../../src/core/mosaic/heatGrid.ts'
import { heatPixels } from '../../../../src/core/mosaic/heatMap.ts'

import { chain, layerIndex, spec } from '../../../fixtures/kerasModels.ts'
import { bitmapOfRaster, drawHeat, greyOut, rasterOf } from '../../../../src/ui/mosaic/heat/heatBitmap.ts'

const network = chain([20, 23, 3], [spec('Conv2D', 'dense', { filters: 1, kernel_size: 5, strides: 2 })])
const scale = 10

it.each([
  ['dense', [0, 0, 20, 23]],
  // A part of the input, as a patch shows it, which hangs over the edge.
  ['dense', [-3, 4, 9, 17]],
] as const)('of layer %s, where the drawing shows %s', async (name, box) => {
  const grid = heatGrid(network, layerIndex(network, name)) as HeatGrid
  const [rows, columns] = [grid.rows.length, grid.columns.length]
  const map = {
    rows,
    columns,
    values: Float32Array.from({ length: rows * columns }, (_, i) => 1 + ((i * 7) % 31)),
  }
  const [top, left, bottom, right] = box
  const place = { left: 20, top: 30, width: (right - left) * scale, height: (bottom - top) * scale }
  const context = new OffscreenCanvas(place.width + 60, place.height + 60).getContext('2d')!
  const raster = rasterOf(map, grid)
  const bitmap = await bitmapOfRaster(raster)
  drawHeat(context, bitmap, raster.box, { box, place })
  const colours = heatPixels(map, { end: 31, isSigned: false })
  let inside = 0
  for (let y = top - 2.5; y < bottom + 2; y++)
    for (let x = left - 1.5; x < right + 2; x++) {
      const at = [place.left + (x - left) * scale, place.top + (y - top) * scale] as const
      const [red, green, blue, alpha] = context.getImageData(at[0], at[1], 1, 1).data
      const unit = y > top && y < bottom && x > left && x < right ? unitUnder(grid, [y, x]) : null
      const what = `${y}, ${x}`
      if (!unit) expect(alpha, what).toBe(0)
      else {
        inside++
        const from = (unit[0] * columns + unit[1]) * 4
        const wanted = colours.subarray(from, from + 4)
        expect(Math.abs(alpha! - wanted[3]!), what).toBeLessThan(3)
        // Canvases keep colours multiplied by alpha, so faint ones are rough.
        const rough = 3 + 300 / Math.max(1, alpha!)
        for (const [i, value] of [red, green, blue].entries())
          expect(Math.abs(value! - wanted[i]!), what).toBeLessThan(rough)
      }
    }
  expect(inside).toBeGreaterThan(50)
})

it('a picture without colour has the same lightness', () => {
  const context = new OffscreenCanvas(2, 1).getContext('2d')!
  context.fillStyle = '#f00'
  context.fillRect(0, 0, 1, 1)
  context.fillStyle = '#8080ff'
  context.fillRect(1, 0, 1, 1)
  greyOut(context)
  const [r, g, b, , r2, g2, b2] = context.getImageData(0, 0, 2, 1).data
  expect([g, b]).toEqual([r, r])
  expect([g2, b2]).toEqual([r2, r2])
  expect(r2).toBeGreaterThan(r!)
})
