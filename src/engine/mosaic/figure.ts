/** @file The picture of channels to save: mosaics with their titles, two a row, as the notebook's figure. */
import { type MosaicLayout, mosaicExtent } from '../../core/mosaic/layout.ts'

export interface FigureMosaic {
  readonly title: string
  readonly bitmap: ImageBitmap
}

const margin = 16
const titleHeight = 24
const perRow = 2

/** Canvas sizes beyond this fail in some browsers. */
const maxHeight = 16_000

function cellExtent(layout: MosaicLayout): { width: number; height: number } {
  const extent = mosaicExtent(layout)
  return { width: extent + margin, height: extent + titleHeight + margin }
}

/** How many mosaics fit into one file. */
export function mosaicsPerFigure(layout: MosaicLayout): number {
  return Math.max(1, Math.floor((maxHeight - margin) / cellExtent(layout).height)) * perRow
}

/** A PNG on white; the bitmaps stay the caller's. */
export function drawFigure(mosaics: readonly FigureMosaic[], layout: MosaicLayout): Promise<Blob> {
  const cell = cellExtent(layout)
  const columns = Math.min(perRow, mosaics.length)
  const rows = Math.ceil(mosaics.length / perRow)
  const canvas = new OffscreenCanvas(columns * cell.width + margin, rows * cell.height + margin)
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.fillStyle = '#222'
  context.font = '14px system-ui, sans-serif'
  context.textBaseline = 'middle'
  for (const [i, { title, bitmap }] of mosaics.entries()) {
    const x = margin + (i % perRow) * cell.width
    const y = margin + Math.floor(i / perRow) * cell.height
    context.fillText(title, x, y + titleHeight / 2, mosaicExtent(layout))
    context.drawImage(bitmap, x, y + titleHeight)
  }
  return canvas.convertToBlob({ type: 'image/png' })
}
