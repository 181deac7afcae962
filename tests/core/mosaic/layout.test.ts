import { expect, it } from 'vitest'
import { fitMosaic, mosaicExtent, mosaicSide, slotAt, slotOrigin } from '../../../src/core/mosaic/layout.ts'

const layouts = [
  { side: 1, patch: 10, gap: 0 },
  { side: 4, patch: 7, gap: 2 },
  { side: 5, patch: 3, gap: 1 },
  { side: 3, patch: 1, gap: 0 },
]

it('is a square that holds k patches, and no larger one', () => {
  for (let k = 1; k <= 100; k++) {
    const side = mosaicSide(k)
    expect(side * side).toBeGreaterThanOrEqual(k)
    expect((side - 1) * (side - 1)).toBeLessThan(k)
  }
  expect([9, 16, 25].map(mosaicSide)).toEqual([3, 4, 5])
})

it('puts ranks row by row', () => {
  expect(slotOrigin({ side: 4, patch: 7, gap: 2 }, 0)).toEqual({ x: 0, y: 0 })
  expect(slotOrigin({ side: 4, patch: 7, gap: 2 }, 3)).toEqual({ x: 27, y: 0 })
  expect(slotOrigin({ side: 4, patch: 7, gap: 2 }, 6)).toEqual({ x: 18, y: 9 })
})

it.each(layouts)('finds at every pixel the patch that was put there, and null between: %j', (layout) => {
  const extent = mosaicExtent(layout)
  const expected = new Map<string, number>()
  for (let rank = 0; rank < layout.side ** 2; rank++) {
    const { x, y } = slotOrigin(layout, rank)
    for (let dy = 0; dy < layout.patch; dy++)
      for (let dx = 0; dx < layout.patch; dx++) expected.set(`${x + dx} ${y + dy}`, rank)
  }
  for (let y = -2; y < extent + 2; y++)
    for (let x = -2; x < extent + 2; x++)
      expect(slotAt(layout, x, y), `${x}, ${y}`).toBe(expected.get(`${x} ${y}`) ?? null)
  const last = slotOrigin(layout, layout.side ** 2 - 1)
  expect(last).toEqual({ x: extent - layout.patch, y: extent - layout.patch })
})

it('fits into the extent with the largest patch of whole pixels', () => {
  for (const k of [9, 16, 25])
    for (let extent = 40; extent < 300; extent++) {
      const layout = fitMosaic(k, extent, 2)
      expect(mosaicExtent(layout)).toBeLessThanOrEqual(extent)
      expect(mosaicExtent({ ...layout, patch: layout.patch + 1 })).toBeGreaterThan(extent)
    }
})

it('never has patches of nothing', () => {
  expect(fitMosaic(16, 3, 1).patch).toBe(1)
})
