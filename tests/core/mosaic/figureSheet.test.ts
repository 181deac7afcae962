import { describe, expect, it } from 'vitest'
import { layOutSheet, mosaicsPerPage } from '../../../src/core/mosaic/figureSheet.ts'
import { mosaicExtent } from '../../../src/core/mosaic/layout.ts'

describe('a page of mosaics', () => {
  it.each([
    [9, 64, 800, 1],
    [16, 64, 1600, 1],
    [25, 2048, 2400, 3],
    [16, 3, 1200, 2],
    [1, 1, 800, 1],
  ])('of %i patches each, %i of them, %i wide at scale %i, holds what it says', (k, count, width, scale) => {
    const sheet = layOutSheet(k, count, { width, scale, captions: 'alone' })
    expect(sheet.width).toBeLessThanOrEqual(width * scale)
    if (count > 3 || count === 1) expect(sheet.width).toBe(width * scale)
    expect(sheet.margin + sheet.columns * sheet.cell.width).toBeLessThanOrEqual(sheet.width)
    expect(mosaicExtent(sheet.mosaic)).toBeLessThan(sheet.cell.width)
    const rows = Math.min(sheet.rowsPerPage, Math.ceil(count / sheet.columns))
    if (rows > 1)
      expect(sheet.head + sheet.margin + rows * sheet.cell.height).toBeLessThanOrEqual(
        width * scale * Math.SQRT2,
      )
    expect(mosaicsPerPage(sheet)).toBe(sheet.columns * sheet.rowsPerPage)
  })

  it('is never a strip: the 64 channels of the exercise take two pages', () => {
    const sheet = layOutSheet(16, 64, { width: 1600, scale: 1, captions: 'alone' })
    expect(Math.ceil(64 / mosaicsPerPage(sheet))).toBe(2)
  })

  it('has room for values where a channel is alone, and makes no poster of a few', () => {
    expect(layOutSheet(16, 1, { width: 800, scale: 1, captions: 'alone' }).captions).toBeGreaterThan(0)
    const few = layOutSheet(16, 2, { width: 1600, scale: 1, captions: 'alone' })
    expect(few.captions).toBe(0)
    expect(few.mosaic.patch).toBeLessThan(100)
    // Nothing is empty beside them but what the title needs.
    expect(few.width).toBe(640)
    const three = layOutSheet(16, 3, { width: 1600, scale: 2, captions: 'none' })
    expect(three.width).toBe(three.margin + 3 * three.cell.width)
  })
})
