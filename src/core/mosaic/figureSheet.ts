/** @file Lays out mosaics on the pages of a figure: as many side by side as fit, on pages that can be printed. */
import { type MosaicLayout, mosaicExtent, mosaicSide } from './layout.ts'

/** What the user chooses. */
export interface SheetSize {
  /** The width of a page, in pixels at scale 1. */
  readonly width: number
  /** The pixels of the file per pixel of the layout: 2 makes everything, also texts, twice as fine, as print needs it. */
  readonly scale: number
}

/** The layout of all pages, in pixels of the file. */
export interface FigureSheet extends SheetSize {
  readonly mosaic: MosaicLayout
  readonly margin: number
  /** The height of a line of text. */
  readonly line: number
  /** The height of the values below each row of patches; 0 if they are not written. */
  readonly captions: number
  readonly columns: number
  readonly rowsPerPage: number
  /** The size of a mosaic with its two lines of text and its margin. */
  readonly cell: { readonly width: number; readonly height: number }
  /** The height of the two lines above the mosaics. */
  readonly head: number
}

/** The sizes from here on are at scale 1. */
const wantedPatch = 60
const margin = 16
const line = 20
const caption = 22
const gap = 2
/** The height of a page divided by its width, as for A4. */
const pageShape = Math.SQRT2
/** Larger canvases fail in some browsers. */
const mostHeight = 16_000

/** Lays out `count` mosaics of `k` patches. A single one is as wide as the page and has its patches' values below. */
export function layOutSheet(k: number, count: number, { width, scale }: SheetSize): FigureSheet {
  const side = mosaicSide(k)
  const alone = count === 1
  const space = (width - margin) * scale
  const wanted = (side * wantedPatch + (side - 1) * gap + margin) * scale
  const columns = alone ? 1 : Math.max(1, Math.min(count, Math.floor(space / wanted)))
  // A few mosaics keep their usual size instead of filling the width, unless they only grow by less than half.
  const room = alone || columns < count || space / columns < 1.5 * wanted ? space / columns : wanted
  const mosaic = {
    side,
    gap: gap * scale,
    patch: Math.max(1, Math.floor((room - margin * scale - (side - 1) * gap * scale) / side)),
  }
  const captions = alone ? caption * scale : 0
  const extent = mosaicExtent(mosaic)
  const cell = {
    width: extent + margin * scale,
    height: extent + side * captions + (2 * line + margin) * scale,
  }
  const head = (2 * line + margin) * scale
  const most = Math.min(mostHeight, width * scale * pageShape)
  return {
    width: width * scale,
    scale,
    mosaic,
    margin: margin * scale,
    line: line * scale,
    captions,
    columns,
    rowsPerPage: Math.max(1, Math.floor((most - head - margin * scale) / cell.height)),
    cell,
    head,
  }
}

export function mosaicsPerPage({ columns, rowsPerPage }: FigureSheet): number {
  return columns * rowsPerPage
}
