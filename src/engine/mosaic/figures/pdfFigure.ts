/**
 * @file A figure as PDF, as wide as A4: real texts, frames, and the pixels of patches, which a viewer need not blur. Texts are in
 * Helvetica, which every viewer has. It knows the letters of Western Europe; a text with others becomes a picture of it, drawn
 * with the fonts of this machine, under a text that can be searched and copied.
 */
import {
  baseline,
  figureFont,
  type FigurePage,
  frameColour,
  type PlacedPatch,
  type PlacedText,
} from '../../../core/mosaic/figurePage.ts'
import type { CutPatch } from './cutPatch.ts'
import type { FigureWriter } from './figureWriter.ts'
import { PdfFile, pdfNumber, pdfText } from './pdfFile.ts'
import { UnseenText } from './unseenText.ts'

/** The width of A4 in points. */
const paperWidth = 595.276
/** The pixels of a picture of a text for each point: 600 dpi. */
const textPixels = 600 / 72

/** The bytes of letters in PDF's WinAnsiEncoding. */
const bytesOf = new Map(
  Array.from(new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, i) => i)))
    .map((letter, byte) => [letter, byte] as const)
    .filter(([letter]) => !/\p{C}/u.test(letter)),
)

export class PdfFigure implements FigureWriter {
  readonly #file = new PdfFile()
  readonly #catalog = this.#file.reserve()
  readonly #tree = this.#file.reserve()
  readonly #fonts = ['Helvetica', 'Helvetica-Bold'].map((name) =>
    this.#file.write(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`),
  )
  readonly #unseen = new UnseenText(this.#file)
  /** Written at the end, when it is known which fonts there are. */
  readonly #fontList = this.#file.reserve()
  readonly #pages: number[] = []
  #title = ''

  async add(page: FigurePage, cut: (patch: PlacedPatch) => Promise<CutPatch>): Promise<void> {
    const scale = paperWidth / page.width
    const paper = [paperWidth, page.height * scale].map(pdfNumber)
    const images: number[] = []
    const place = async (pixels: OffscreenCanvas): Promise<string> => {
      images.push(await this.#image(pixels))
      return `/I${images.length - 1} Do`
    }
    // The axes of the layout go down.
    const content = [`${scale} 0 0 ${-scale} 0 ${paper[1]} cm`]
    for (const text of page.texts) content.push(await this.#text(text, textPixels * scale, place))
    content.push(`${page.frame} w ${colourOf(frameColour)} RG`)
    for (const patch of page.patches)
      content.push(await patchOperators(patch, page.frame, await cut(patch), place))
    const stream = await this.#file.writeStream('', new TextEncoder().encode(content.join('\n')))
    const list = images.map((number, i) => `/I${i} ${number} 0 R`).join(' ')
    this.#title ||= page.title
    this.#pages.push(
      this.#file.write(
        `<< /Type /Page /Parent ${this.#tree} 0 R /MediaBox [0 0 ${paper.join(' ')}] /Resources << /Font ${this.#fontList} 0 R /XObject << ${list} >> >> /Contents ${stream} 0 R >>`,
      ),
    )
  }

  async end(): Promise<Blob[]> {
    await this.#unseen.end()
    const fonts = [
      ...this.#fonts.map((number, i) => `/F${i} ${number} 0 R`),
      ...this.#unseen.fonts.map((number, i) => `/U${i} ${number} 0 R`),
    ]
    this.#file.write(`<< ${fonts.join(' ')} >>`, this.#fontList)
    const kids = this.#pages.map((number) => `${number} 0 R`).join(' ')
    this.#file.write(`<< /Type /Pages /Kids [${kids}] /Count ${this.#pages.length} >>`, this.#tree)
    this.#file.write(
      `<< /Type /Catalog /Pages ${this.#tree} 0 R /Lang (en) /ViewerPreferences << /DisplayDocTitle true >> >>`,
      this.#catalog,
    )
    const info = this.#file.write(`<< /Title ${pdfText(this.#title)} /Creator (Urpatch) >>`)
    return [this.#file.end(this.#catalog, info)]
  }

  async #text(
    { text, x, y, size, isBold, colour }: PlacedText,
    fineness: number,
    place: (pixels: OffscreenCanvas) => Promise<string>,
  ): Promise<string> {
    const bytes = Array.from(text, (letter) => bytesOf.get(letter))
    if (!bytes.includes(undefined)) {
      const hex = bytes.map((byte) => byte!.toString(16).padStart(2, '0')).join('')
      const matrix = `1 0 0 -1 ${pdfNumber(x)} ${pdfNumber(y + baseline * size)}`
      return `BT ${colourOf(colour)} rg /F${Number(isBold)} ${size} Tf ${matrix} Tm <${hex}> Tj ET`
    }
    const pixels = pictureOfText(text, size * fineness, isBold, colour)
    const width = pixels.width / fineness
    const height = pixels.height / fineness
    const drawn = `q ${width} 0 0 ${-height} ${x} ${y + height / 2} cm ${await place(pixels)} Q`
    return `${drawn} ${this.#unseen.show(text, x, y + size / 2, width, size)}`
  }

  #image(pixels: OffscreenCanvas): Promise<number> {
    const { width, height } = pixels
    const { data } = pixels.getContext('2d')!.getImageData(0, 0, width, height)
    const colours = new Uint8Array(width * height * 3)
    for (let from = 0, to = 0; from < data.length; from += 4) {
      colours[to++] = data[from]!
      colours[to++] = data[from + 1]!
      colours[to++] = data[from + 2]!
    }
    return this.#file.writeStream(
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8`,
      colours,
    )
  }
}

/** The pixels are cut at the patch; the frame is around it. */
async function patchOperators(
  { x, y, size }: PlacedPatch,
  frame: number,
  { pixels, left, top, width, height, ground }: CutPatch,
  place: (pixels: OffscreenCanvas) => Promise<string>,
): Promise<string> {
  const square = `${x} ${y} ${size} ${size} re`
  const [across, down] = [width * size, height * size]
  const matrix = [across, 0, 0, -down, x + left * size, y + top * size + down].map(pdfNumber)
  return [
    'q',
    ground && `${colourOf(ground)} rg ${square} f`,
    pixels && `${square} W n ${matrix.join(' ')} cm ${await place(pixels)}`,
    'Q',
    `${x - frame / 2} ${y - frame / 2} ${size + frame} ${size + frame} re S`,
  ]
    .filter(Boolean)
    .join(' ')
}

/** On white, as the paper is. */
function pictureOfText(text: string, size: number, isBold: boolean, colour: string): OffscreenCanvas {
  const font = `${isBold ? 'bold' : 'normal'} ${size}px ${figureFont}`
  const measuring = new OffscreenCanvas(1, 1).getContext('2d')!
  measuring.font = font
  const width = Math.max(1, Math.ceil(measuring.measureText(text).width))
  const canvas = new OffscreenCanvas(width, Math.ceil(1.4 * size))
  const context = canvas.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.font = font
  context.fillStyle = colour
  context.fillText(text, 0, canvas.height / 2 + baseline * size)
  return canvas
}

/** From #rrggbb to three numbers from 0 to 1. */
function colourOf(hex: string): string {
  return [1, 3, 5].map((at) => pdfNumber(Number.parseInt(hex.slice(at, at + 2), 16) / 255)).join(' ')
}
