/**
 * @file A figure as SVG: real texts, frames and, embedded as PNG, the pixels of patches, which stay squares however far they are
 * enlarged. A file of several pages has them one below the other.
 */
import {
  baseline,
  figureFont,
  type FigurePage,
  frameColour,
  type PlacedPatch,
} from '../../../core/mosaic/figurePage.ts'
import { escapedMarkup } from '../../../core/results/page/escapedMarkup.ts'
import type { CutPatch } from './cutPatch.ts'
import type { FigureWriter } from './figureWriter.ts'

/** Is there only in workers, and answers at once. */
const reader = new FileReaderSync()

export class SvgFigure implements FigureWriter {
  readonly #parts: Blob[] = []
  #width = 0
  #height = 0
  #title = ''

  async add(page: FigurePage, cut: (patch: PlacedPatch) => Promise<CutPatch>): Promise<void> {
    const top = this.#height
    this.#width = Math.max(this.#width, page.width)
    this.#height += page.height
    this.#title ||= page.title
    // Programs for drawings know no line's middle, only its baseline.
    const lines = page.texts.map(
      ({ text, x, y, size, isBold, colour }) =>
        `<text x="${x}" y="${round(y + baseline * size)}" font-size="${size}" fill="${colour}"${isBold ? ' font-weight="bold"' : ''}>${xmlText(text)}</text>\n`,
    )
    this.#parts.push(new Blob([`<g transform="translate(0 ${top})">\n`, ...lines]))
    for (const patch of page.patches)
      this.#parts.push(new Blob([await patchText(patch, page.frame, await cut(patch))]))
    this.#parts.push(new Blob(['</g>\n']))
  }

  end(): Promise<Blob[]> {
    const [width, height] = [this.#width, this.#height]
    const start = `<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${xmlText(figureFont)}">
<title>${xmlText(this.#title)}</title>
<rect width="${width}" height="${height}" fill="#fff"/>
`
    return Promise.resolve([new Blob([start, ...this.#parts, '</svg>\n'], { type: 'image/svg+xml' })])
  }
}

/** A patch is a window of its own, which cuts off what reaches beyond it. */
async function patchText(
  { x, y, size, description }: PlacedPatch,
  frame: number,
  { pixels, left, top, width, height, ground }: CutPatch,
): Promise<string> {
  const place = [left, top, width, height].map((share) => round(share * size))
  const address = pixels && reader.readAsDataURL(await pixels.convertToBlob({ type: 'image/png' }))
  return [
    `<g><title>${xmlText(description)}</title>`,
    `<svg x="${x}" y="${y}" width="${size}" height="${size}">`,
    ground && `<rect width="${size}" height="${size}" fill="${ground}"/>`,
    address &&
      `<image x="${place[0]}" y="${place[1]}" width="${place[2]}" height="${place[3]}" preserveAspectRatio="none" style="image-rendering:pixelated" href="${address}"/>`,
    '</svg>',
    `<rect x="${x - frame / 2}" y="${y - frame / 2}" width="${size + frame}" height="${size + frame}" fill="none" stroke="${frameColour}" stroke-width="${frame}"/></g>\n`,
  ]
    .filter(Boolean)
    .join('')
}

/** XML knows no control characters, not even escaped ones, and no half letters. */
function xmlText(text: string): string {
  return escapedMarkup(text.replaceAll(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd'))
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
