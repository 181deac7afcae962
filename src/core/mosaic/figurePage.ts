/**
 * @file A page of a figure as a list of texts and patches with their places, which all writers draw: PNG, SVG and PDF. Lengths
 * are pixels of the file.
 */
import type { FigureSheet } from './figureSheet.ts'
import { slotOrigin } from './layout.ts'

export interface FigureTexts {
  readonly title: string
  /** The text below the title. */
  readonly note: string
  /** The texts below the patches, by rank. */
  readonly captions: readonly string[]
  /** What is told of the patches, by rank, to those who do not see them. */
  readonly descriptions: readonly string[]
}

/** The two lines at the top of a page. */
export type FigureHead = readonly [title: string, note: string]

export interface PlacedText {
  readonly text: string
  readonly x: number
  /** The middle of the line. */
  readonly y: number
  /** The size of the letters. */
  readonly size: number
  readonly isBold: boolean
  readonly colour: string
}

/** A square with a thin frame around it. */
export interface PlacedPatch {
  /** Which of the mosaics of the page. */
  readonly mosaic: number
  readonly rank: number
  readonly x: number
  readonly y: number
  readonly size: number
  readonly description: string
}

export interface FigurePage {
  readonly width: number
  readonly height: number
  readonly title: string
  readonly texts: readonly PlacedText[]
  readonly patches: readonly PlacedPatch[]
  /** How thick frames are. They lie outside of the patches, as nothing covers a pixel of these. */
  readonly frame: number
}

/** The width of a text in a font of this size. */
export type MeasureText = (text: string, size: number, isBold: boolean) => number

/** Helvetica and the two fonts that have its widths, so that a text fits everywhere as it was measured. */
export const figureFont = 'Helvetica, Arial, "Liberation Sans", sans-serif'
/** How far below the middle of a line its baseline is, as a share of the letters' size: half of the height of its capitals. */
export const baseline = 0.36
export const frameColour = '#c4c9ce'

const ink = '#1f2328'
const pale = '#5c636b'

export function layOutPage(
  mosaics: readonly FigureTexts[],
  [title, note]: FigureHead,
  sheet: FigureSheet,
  measure: MeasureText,
): FigurePage {
  const { width, margin, line, columns, cell, head, scale, mosaic: layout } = sheet
  const texts: PlacedText[] = []
  const patches: PlacedPatch[] = []
  const write = (
    text: string,
    x: number,
    y: number,
    room: number,
    { size, isBold = false, colour = ink }: Partial<PlacedText> & { readonly size: number },
  ): void => {
    const shown = cutText(text, room, (part) => measure(part, size, isBold))
    if (shown !== '') texts.push({ text: shown, x, y, size, isBold, colour })
  }
  write(title, margin, margin + line / 2, width - 2 * margin, { size: 16 * scale, isBold: true })
  write(note, margin, margin + 1.5 * line, width - 2 * margin, { size: 13 * scale, colour: pale })
  const extent = cell.width - margin
  for (const [i, mosaic] of mosaics.entries()) {
    const left = margin + (i % columns) * cell.width
    const top = head + margin + Math.floor(i / columns) * cell.height
    write(mosaic.title, left, top + line / 2, extent, { size: 14 * scale, isBold: true })
    write(mosaic.note, left, top + 1.5 * line, extent, { size: 12 * scale, colour: pale })
    for (const [rank, description] of mosaic.descriptions.entries()) {
      const slot = slotOrigin(layout, rank)
      const x = left + slot.x
      const y = top + 2 * line + slot.y + Math.floor(rank / layout.side) * sheet.captions
      patches.push({ mosaic: i, rank, x, y, size: layout.patch, description })
      if (sheet.captions > 0)
        write(mosaic.captions[rank] ?? '', x, y + layout.patch + sheet.captions / 2, layout.patch, {
          size: sheet.captionSize,
        })
    }
  }
  const height = head + Math.ceil(mosaics.length / columns) * cell.height + margin
  return { width, height, title, texts, patches, frame: scale / 2 }
}

/** Cuts a text that has no room, and marks it. Letters stay whole, also those of two halves. */
function cutText(text: string, room: number, widthOf: (text: string) => number): string {
  if (widthOf(text) <= room) return text
  const letters = [...text]
  // The longest start that has room is found by halving.
  let fits = 0
  for (let tooLong = letters.length; tooLong - fits > 1;) {
    const middle = (fits + tooLong) >> 1
    if (widthOf(`${letters.slice(0, middle).join('')}…`) <= room) fits = middle
    else tooLong = middle
  }
  return `${letters.slice(0, Math.max(1, fits)).join('')}…`
}
