/** @file The frame of a PDF: numbered objects, compressed streams and the table of where they lie (ISO 32000-1, 7.5). */

export class PdfFile {
  readonly #parts: (string | Uint8Array<ArrayBuffer>)[] = []
  /** Where objects begin, by number. */
  readonly #places: number[] = [0]
  #length = 0

  constructor() {
    // Bytes above 127 tell programs that the file is no text.
    this.#append('%PDF-1.7\n')
    this.#append(Uint8Array.of(0x25, 0xe2, 0xe3, 0xcf, 0xd3, 0x0a))
  }

  /** The number of an object that is written later. */
  reserve(): number {
    return this.#places.push(-1) - 1
  }

  /** Returns the number of the object. */
  write(content: string, number = this.reserve()): number {
    this.#begin(number)
    this.#append(`${content}\nendobj\n`)
    return number
  }

  /** Compresses the bytes. `entries`: those of the stream's dictionary, besides its length and filter. */
  async writeStream(entries: string, bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    // PDF's flate is zlib's format, which the web calls deflate.
    const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
    const packed = new Uint8Array(await new Response(stream).arrayBuffer())
    const number = this.reserve()
    this.#begin(number)
    this.#append(`<< ${entries} /Length ${packed.length} /Filter /FlateDecode >>\nstream\n`)
    this.#append(packed)
    this.#append('\nendstream\nendobj\n')
    return number
  }

  /** All objects have to be written. */
  end(catalog: number, info: number): Blob {
    const start = this.#length
    const count = this.#places.length
    // Each row has 20 bytes.
    const rows = this.#places.slice(1).map((place) => `${String(place).padStart(10, '0')} 00000 n \n`)
    this.#append(`xref\n0 ${count}\n0000000000 65535 f \n${rows.join('')}`)
    this.#append(`trailer\n<< /Size ${count} /Root ${catalog} 0 R /Info ${info} 0 R >>\n`)
    this.#append(`startxref\n${start}\n%%EOF\n`)
    return new Blob(this.#parts, { type: 'application/pdf' })
  }

  #begin(number: number): void {
    this.#places[number] = this.#length
    this.#append(`${number} 0 obj\n`)
  }

  /** Texts are ASCII. */
  #append(part: string | Uint8Array<ArrayBuffer>): void {
    this.#parts.push(part)
    this.#length += part.length
  }
}

/** A text as PDF has it outside of pages, in all letters. */
export function pdfText(text: string): string {
  return `<FEFF${utf16(text)}>`
}

/** Four digits for each half of a letter. */
export function utf16(text: string): string {
  return Array.from({ length: text.length }, (_, i) => text.charCodeAt(i).toString(16).padStart(4, '0')).join(
    '',
  )
}

/** PDF knows no powers of ten. */
export function pdfNumber(value: number): string {
  return String(Number(value.toFixed(3)))
}
