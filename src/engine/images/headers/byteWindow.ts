/**
 * @file Reads ranges of a file that may be in memory. Otherwise its first kilobytes are read at once: most headers end
 * there.
 */

const windowBytes = 16_384

export class ByteWindow {
  readonly size: number
  readonly #file: Blob | Uint8Array
  #start = 0
  #bytes: Uint8Array

  constructor(file: Blob | Uint8Array) {
    this.#file = file
    this.#bytes = file instanceof Blob ? new Uint8Array(0) : file
    this.size = file instanceof Blob ? file.size : file.length
  }

  /** Reads `length` bytes from `offset` on; fewer at the end of the file. */
  async read(offset: number, length: number): Promise<DataView> {
    const end = Math.min(offset + length, this.size)
    if (this.#file instanceof Blob && (offset < this.#start || end > this.#start + this.#bytes.length)) {
      const part = this.#file.slice(offset, offset + Math.max(length, windowBytes))
      this.#bytes = new Uint8Array(await part.arrayBuffer())
      this.#start = offset
    }
    const from = Math.min(offset - this.#start, this.#bytes.length)
    return new DataView(this.#bytes.buffer, this.#bytes.byteOffset + from, Math.max(0, end - offset))
  }
}

/** The Latin letters at an offset; fewer at the end. */
export function letters(view: DataView, offset: number, length: number): string {
  let text = ''
  const end = Math.min(offset + length, view.byteLength)
  for (let i = offset; i < end; i++) text += String.fromCharCode(view.getUint8(i))
  return text
}
