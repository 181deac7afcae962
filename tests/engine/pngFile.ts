/** @file Builds PNG files byte by byte, also such as no program writes. */
import { crc32 } from '../../src/engine/archives/crc32.ts'

export interface PngPart {
  /** The type of a chunk, such as `tEXt`. */
  readonly kind: string
  readonly content: Uint8Array<ArrayBuffer>
}

/** The colour types of IHDR. */
export const colourTypes = { grey: 0, colour: 2, palette: 3, greyWithAlpha: 4 } as const

/** `rows` are the bytes of each row, without a filter. Values have 8 bits unless `bits` says otherwise. */
export async function pngFile(
  width: number,
  colours: keyof typeof colourTypes,
  rows: readonly (readonly number[])[],
  parts: readonly PngPart[] = [],
  bits = 8,
): Promise<Blob> {
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, width)
  view.setUint32(4, rows.length)
  head.set([bits, colourTypes[colours]], 8)
  const pixels = await deflated(Uint8Array.from(rows.flatMap((row) => [0, ...row])))
  return new Blob(
    pngParts([
      { kind: 'IHDR', content: head },
      ...parts,
      { kind: 'IDAT', content: pixels },
      { kind: 'IEND', content: new Uint8Array(0) },
    ]),
  )
}

/** The bytes of a file with these chunks, each with its checksum. */
export function pngBytes(parts: readonly PngPart[]): Uint8Array<ArrayBuffer> {
  const pieces = pngParts(parts)
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}

function pngParts(parts: readonly PngPart[]): Uint8Array<ArrayBuffer>[] {
  return [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), ...parts.map(chunk)]
}

function chunk({ kind, content }: PngPart): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(12 + content.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, content.length)
  bytes.set(latin(kind), 4)
  bytes.set(content, 8)
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)))
  return bytes
}

export function latin(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}

export async function deflated(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const packed = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate'))
  return new Uint8Array(await new Response(packed).arrayBuffer())
}
