import { describe, expect, it } from 'vitest'
import { tileGrid } from '../../../src/core/mosaic/tileGrid.ts'

const room = { width: 800, height: 700, tiles: 64, extent: 156, frame: 12, caption: 28, gap: 4 }

describe('the grid of tiles', () => {
  it('takes the whole width', () => {
    const { columns, extent, pitch } = tileGrid(room)
    expect(columns).toBe(4)
    const left = room.width - (columns * pitch - room.gap)
    expect(left).toBeGreaterThanOrEqual(0)
    expect(left).toBeLessThan(columns)
    expect(extent).toBeGreaterThanOrEqual(room.extent)
  })

  it('never makes tiles smaller than chosen, but where one alone is wider than the room', () => {
    for (let width = 300; width < 2000; width += 7)
      expect(tileGrid({ ...room, width }).extent).toBeGreaterThanOrEqual(room.extent)
    expect(tileGrid({ ...room, width: 100 })).toEqual({ columns: 1, extent: 88, pitch: 104 })
  })

  it.each([1, 2, 3, 5, 12])(
    'shows %i tiles as large as fit without scrolling, up to twice the size',
    (tiles) => {
      const { columns, extent } = tileGrid({ ...room, tiles })
      expect(Math.ceil(tiles / columns) * (extent + 44) - 4).toBeLessThanOrEqual(room.height)
      expect(columns * (extent + 16) - 4).toBeLessThanOrEqual(room.width)
      expect(extent).toBeLessThanOrEqual(312)
      if (tiles <= 3) expect(extent).toBeGreaterThan(240)
    },
  )

  it('does not know columns before it knows the width', () => {
    expect(tileGrid({ ...room, width: 0 })).toMatchObject({ columns: 0, extent: 156 })
  })
})
