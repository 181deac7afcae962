/** @file How mosaics lie on the pages of a picture to save: as many side by side as fit, on pages that can be printed. */
import { type MosaicLayout, mosaicExtent, mosaicSide } from './layout.ts'

/** What a person chooses. */
export interface SheetSize {
  /** Of a page, in pixels at scale 1. */
  readonly width: number
  /** 2: twice as fine, texts included, as print needs it. */
  readonly scale: number
}

/** All in pixels of the file. */
export interface FigureSheet extends SheetSize {
  readonly mosaic: MosaicLayout
  readonly margin: number
  /** Of a line of text. */
  readonly line: number
  /** Below each row of patches; 0: their values are not written. */
  readonly captions: number
  readonly columns: number
  readonly rowsPerPage: number
  /** A mosaic with its two lines of text and its margin. */
  readonly cell: { readonly width: number; readonly height: number }
  /** Above the mosaics: two lines. */
  readonly head: number
}

/** At scale 1. */
const wantedPatch = 60
const margin = 16
const line = 20
const caption = 22
const gap = 2
/** Height by width of a page, as of A4. */
const pageShape = Math.SQRT2
/** Canvas sizes beyond this fail in some browsers. */
const mostHeight = 16_000

/** For mosaics of `k` patches; one alone is as wide as the page and has its patches' values below them. */
export function layOutSheet(k: number, count: number, { width, scale }: SheetSize): FigureSheet {
  const side = mosaicSide(k)
  const alone = count === 1
  const space = (width - margin) * scale
  const wanted = (side * wantedPatch + (side - 1) * gap + margin) * scale
  const columns = alone ? 1 : Math.max(1, Math.min(count, Math.floor(space / wanted)))
  // A few do not become posters.
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
