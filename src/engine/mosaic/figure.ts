/**
 * @file Draws a page of a figure to save: its title, and mosaics with their titles; a single mosaic also has its
 * values.
 */
import type { FigureSheet } from '../../core/mosaic/figureSheet.ts'
import { mosaicExtent } from '../../core/mosaic/layout.ts'

export interface FigureMosaic {
  readonly title: string
  /** The text below the title. */
  readonly note: string
  /** The texts below the patches, by rank. */
  readonly captions: readonly string[]
  readonly bitmap: ImageBitmap
}

/** The two lines at the top of a page. */
export type FigureHead = readonly [string, string]

const ink = '#1f2328'
const pale = '#5c636b'

/** Draws a PNG on white; the bitmaps stay the caller's. */
export function drawFigure(
  mosaics: readonly FigureMosaic[],
  [title, note]: FigureHead,
  sheet: FigureSheet,
): Promise<Blob> {
  const { width, margin, line, columns, cell, head } = sheet
  const rows = Math.ceil(mosaics.length / columns)
  const canvas = new OffscreenCanvas(width, head + rows * cell.height + margin)
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.textBaseline = 'middle'
  const pen = new Pen(context, sheet.scale)
  pen.write(title, margin, margin + line / 2, width - 2 * margin, 16, ink, 600)
  pen.write(note, margin, margin + 1.5 * line, width - 2 * margin, 13, pale)
  for (const [i, mosaic] of mosaics.entries()) {
    const x = margin + (i % columns) * cell.width
    const y = head + margin + Math.floor(i / columns) * cell.height
    const extent = mosaicExtent(sheet.mosaic)
    pen.write(mosaic.title, x, y + line / 2, extent, 14, ink, 600)
    pen.write(mosaic.note, x, y + 1.5 * line, extent, 12, pale)
    drawRows(context, pen, mosaic, x, y + 2 * line, sheet)
  }
  return canvas.convertToBlob({ type: 'image/png' })
}

/** Draws the mosaic row by row, with room below each row for the texts of its patches. */
function drawRows(
  context: OffscreenCanvasRenderingContext2D,
  pen: Pen,
  { bitmap, captions }: FigureMosaic,
  x: number,
  y: number,
  sheet: FigureSheet,
): void {
  const { side, patch, gap } = sheet.mosaic
  for (let row = 0; row < side; row++) {
    const from = row * (patch + gap)
    const to = y + row * (patch + gap + sheet.captions)
    context.drawImage(bitmap, 0, from, bitmap.width, patch, x, to, bitmap.width, patch)
    if (sheet.captions === 0) continue
    for (let column = 0; column < side; column++)
      pen.write(
        captions[row * side + column] ?? '',
        x + column * (patch + gap),
        to + patch + sheet.captions / 2,
        patch,
        14,
        ink,
      )
  }
}

class Pen {
  readonly #context: OffscreenCanvasRenderingContext2D
  readonly #scale: number

  constructor(context: OffscreenCanvasRenderingContext2D, scale: number) {
    this.#context = context
    this.#scale = scale
  }

  /** Cuts a text that has no room, and marks it. */
  write(text: string, x: number, y: number, room: number, size: number, colour: string, weight = 400): void {
    const context = this.#context
    context.font = `${weight} ${size * this.#scale}px system-ui, sans-serif`
    context.fillStyle = colour
    let shown = text
    for (let letters = text.length; context.measureText(shown).width > room && letters > 1;)
      shown = `${text.slice(0, --letters)}…`
    context.fillText(shown, x, y)
  }
}
