/** @file Lays out mosaics on the pages of a figure: as many side by side as fit, on pages that can be printed. */
import { type MosaicLayout, mosaicExtent, mosaicSide } from './layout.ts'

/** Which patches have their values below them: those of a figure of one channel, all, or none. */
export type Captions = 'alone' | 'all' | 'none'

/** What the user chooses. */
export interface SheetSize {
  /** The width of a page, in pixels at scale 1; pages of a few mosaics are narrower. */
  readonly width: number
  /** The pixels of the file per pixel of the layout: 2 makes everything, also texts, twice as fine, as print needs it. */
  readonly scale: number
  readonly captions: Captions
}

/** The layout of all pages, in pixels of the file. */
export interface FigureSheet extends Omit<SheetSize, 'captions'> {
  readonly mosaic: MosaicLayout
  readonly margin: number
  /** The height of a line of text. */
  readonly line: number
  /** The height of the values below each row of patches; 0 if they are not written. */
  readonly captions: number
  /** The size of their letters. */
  readonly captionSize: number
  readonly columns: number
  readonly rowsPerPage: number
  /** The size of a mosaic with its two lines of text and its margin. */
  readonly cell: { readonly width: number; readonly height: number }
  /** The height of the two lines above the mosaics. */
  readonly head: number
}

/** The sizes from here on are at scale 1. */
const wantedPatch = 60
/** A patch that has room below for rank, value and class. */
const captionedPatch = 84
const margin = 16
const line = 20
const caption = { alone: { height: 22, letters: 14 }, among: { height: 15, letters: 10 } } as const
const gap = 2
/** The height of a page divided by its width, as for A4. */
const pageShape = Math.SQRT2
/** What the two lines at the top need. */
const leastWidth = 640
/** Larger canvases fail in some browsers. */
const mostHeight = 16_000

/**
 * Lays out `count` mosaics of `k` patches. A single one is as wide as the page. Without `hasPages` all are on one, however high
 * it is.
 */
export function layOutSheet(
  k: number,
  count: number,
  { width, scale, captions }: SheetSize,
  hasPages = true,
): FigureSheet {
  const side = mosaicSide(k)
  const alone = count === 1
  const hasCaptions = captions === 'all' || (captions === 'alone' && alone)
  const space = (width - margin) * scale
  const usual = hasCaptions ? captionedPatch : wantedPatch
  const wanted = (side * usual + (side - 1) * gap + margin) * scale
  const columns = alone ? 1 : Math.max(1, Math.min(count, Math.floor(space / wanted)))
  // A few mosaics keep their usual size instead of filling the width, unless they only grow by less than half.
  const room = alone || columns < count || space / columns < 1.5 * wanted ? space / columns : wanted
  const mosaic = {
    side,
    gap: gap * scale,
    patch: Math.max(1, Math.floor((room - margin * scale - (side - 1) * gap * scale) / side)),
  }
  const below = caption[alone ? 'alone' : 'among']
  const captionHeight = hasCaptions ? below.height * scale : 0
  const extent = mosaicExtent(mosaic)
  const cell = {
    width: extent + margin * scale,
    height: extent + side * captionHeight + (2 * line + margin) * scale,
  }
  const head = (2 * line + margin) * scale
  const filled = margin * scale + columns * cell.width
  const most = Math.min(mostHeight, width * scale * pageShape)
  return {
    // Nothing stays empty beside a few.
    width: Math.min(width * scale, room === wanted ? Math.max(filled, leastWidth * scale) : Infinity),
    scale,
    mosaic,
    margin: margin * scale,
    line: line * scale,
    captions: captionHeight,
    captionSize: below.letters * scale,
    columns,
    rowsPerPage: hasPages
      ? Math.max(1, Math.floor((most - head - margin * scale) / cell.height))
      : Math.ceil(count / columns),
    cell,
    head,
  }
}

export function mosaicsPerPage({ columns, rowsPerPage }: FigureSheet): number {
  return columns * rowsPerPage
}
