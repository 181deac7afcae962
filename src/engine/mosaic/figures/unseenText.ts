/**
 * @file A text that is not drawn, but found, marked and copied: it lies over the picture of a text whose letters PDF's own fonts do
 * not have. Its fonts hold empty glyphs, which mean letters (ISO 32000-1, 9.6.5 and 9.10.3).
 */
import { type PdfFile, utf16 } from './pdfFile.ts'

/** Letters of a font; its codes begin with 1. */
const mostLetters = 255
/** How many letters a block of the table may have. */
const blockLength = 100

export class UnseenText {
  /** For each font the codes of its letters. */
  readonly #fonts: { readonly number: number; readonly codes: Map<string, number> }[] = []
  readonly #file: PdfFile

  constructor(file: PdfFile) {
    this.#file = file
  }

  /** The numbers of the fonts so far, which are called U0, U1 …. */
  get fonts(): readonly number[] {
    return this.#fonts.map(({ number }) => number)
  }

  /** The operators that show the text from `x` on, `width` wide and as high as `size`, in axes that go down. */
  show(text: string, x: number, y: number, width: number, size: number): string {
    const letters = [...text]
    const runs: { readonly font: number; codes: string }[] = []
    for (const letter of letters) {
      const { font, code } = this.#codeOf(letter)
      if (runs.at(-1)?.font !== font) runs.push({ font, codes: '' })
      runs.at(-1)!.codes += hexByte(code)
    }
    const shown = runs.map(({ font, codes }) => `/U${font} 1 Tf <${codes}> Tj`)
    return `BT 3 Tr ${width / letters.length} 0 0 ${-size} ${x} ${y} Tm ${shown.join(' ')} 0 Tr ET`
  }

  async end(): Promise<void> {
    for (const { number, codes } of this.#fonts) {
      // Programs take a text for none if its glyphs have no box.
      const glyph = await this.#file.writeStream('', new TextEncoder().encode('1 0 0 0 1 1 d1'))
      const table = await this.#file.writeStream('', new TextEncoder().encode(meaningOf(codes)))
      const widths = Array.from({ length: codes.size }, () => '1').join(' ')
      const names = Array.from({ length: codes.size }, () => '/g').join(' ')
      this.#file.write(
        `<< /Type /Font /Subtype /Type3 /FontBBox [0 0 1 1] /FontMatrix [1 0 0 1 0 0] /CharProcs << /g ${glyph} 0 R >> /Encoding << /Type /Encoding /Differences [1 ${names}] >> /FirstChar 1 /LastChar ${codes.size} /Widths [${widths}] /Resources << >> /ToUnicode ${table} 0 R >>`,
        number,
      )
    }
  }

  #codeOf(letter: string): { font: number; code: number } {
    const known = this.#fonts.findIndex(({ codes }) => codes.has(letter))
    if (known >= 0) return { font: known, code: this.#fonts[known]!.codes.get(letter)! }
    let last = this.#fonts.at(-1)
    if (!last || last.codes.size === mostLetters)
      this.#fonts.push((last = { number: this.#file.reserve(), codes: new Map() }))
    last.codes.set(letter, last.codes.size + 1)
    return { font: this.#fonts.length - 1, code: last.codes.size }
  }
}

/** The table of what the codes of a font mean. */
function meaningOf(codes: ReadonlyMap<string, number>): string {
  const rows = Array.from(codes, ([letter, code]) => `<${hexByte(code)}> <${utf16(letter)}>`)
  const blocks: string[] = []
  for (let at = 0; at < rows.length; at += blockLength) {
    const block = rows.slice(at, at + blockLength)
    blocks.push(`${block.length} beginbfchar\n${block.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Unseen def /CMapType 2 def
1 begincodespacerange <00> <FF> endcodespacerange
${blocks.join('\n')}
endcmap CMapName currentdict /CMap defineresource pop end end`
}

function hexByte(code: number): string {
  return code.toString(16).padStart(2, '0')
}
