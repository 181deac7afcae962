/** @file Reads the size and orientation of a WebP (RFC 9649), lossy, lossless and extended, and where its first picture lies. */
import { type ByteWindow, letters } from './byteWindow.ts'
import { exifOrientation } from './exif.ts'
import type { PictureHeader, Splice, Underneath } from './pictureHeader.ts'

/** Flags of an extended WebP. */
const [hasExif, hasAlpha] = [8, 16]

interface Size {
  readonly width: number
  readonly height: number
}

export async function webpHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const head = await bytes.read(12, 18)
  if (head.byteLength < 18) return null
  const size = sizeOf(head)
  if (!size) return null
  const isExtended = letters(head, 0, 4) === 'VP8X'
  const flags = isExtended ? head.getUint8(8) : 0
  const { orientation, upright } = flags & hasExif ? await turnsOf(bytes) : { orientation: 1, upright: [] }
  const mayBeClear = isExtended ? (flags & hasAlpha) !== 0 : letters(head, 0, 4) === 'VP8L'
  const underneath = mayBeClear ? await firstPicture(bytes, size) : null
  return { kind: 'WebP', ...size, orientation, isOwnTurn: true, upright, ...(underneath && { underneath }) }
}

/** EXIF comes after the pixels. */
async function turnsOf(bytes: ByteWindow): Promise<{ orientation: number; upright: readonly Splice[] }> {
  let orientation = 1
  const upright: Splice[] = []
  for await (const { kind, start, end } of chunks(bytes, 12)) {
    if (kind !== 'EXIF') continue
    const found = exifOrientation(await bytes.read(start, end - start))
    if (!found) continue
    orientation = found.orientation
    upright.push({ start: start + found.at, end: start + found.at + 2, bytes: found.upright })
  }
  return { orientation, upright }
}

/** The picture, or the first of an animation. Is null if that does not fill the canvas. */
async function firstPicture(bytes: ByteWindow, size: Size): Promise<Underneath | null> {
  for await (const { kind, start, end } of chunks(bytes, 12)) {
    if (kind === 'ANMF') {
      const frame = await bytes.read(start, frameHeader)
      if (frame.byteLength < frameHeader) return null
      const [left, top] = [uint24(frame, 0), uint24(frame, 3)]
      const fills =
        left === 0 && top === 0 && uint24(frame, 6) + 1 === size.width && uint24(frame, 9) + 1 === size.height
      for await (const inner of chunks(bytes, start + frameHeader, end))
        if (fills && isPicture(inner.kind)) return ofPicture(inner, bytes.size)
      return null
    }
    if (isPicture(kind)) return ofPicture({ kind, start, end }, bytes.size)
  }
  return null
}

/** Place, size, time and kind of a frame of an animation. */
const frameHeader = 16

function isPicture(kind: string): boolean {
  return kind === 'VP8 ' || kind === 'VP8L'
}

/** A lossless picture has its transparency within; of a lossy one, whose transparency is another chunk, only its own is kept. */
function ofPicture({ kind, start, end }: Chunk, fileEnd: number): Underneath {
  if (kind === 'VP8L') return { format: 'lossless WebP', start, end }
  const head = new Uint8Array(8)
  new DataView(head.buffer).setUint32(0, 4 + 8 + end - start, true)
  head.set(new TextEncoder().encode('WEBP'), 4)
  return {
    opaque: [
      { start: 4, end: start - 8, bytes: head },
      { start: end, end: fileEnd, bytes: new Uint8Array(0) },
    ],
  }
}

/** A part of the file, by its content. */
interface Chunk {
  readonly kind: string
  readonly start: number
  readonly end: number
}

/** Chunks are padded to even lengths. */
async function* chunks(bytes: ByteWindow, from: number, to = bytes.size): AsyncGenerator<Chunk> {
  for (let at = from; at + 8 <= to;) {
    const head = await bytes.read(at, 8)
    const length = head.getUint32(4, true)
    yield { kind: letters(head, 0, 4), start: at + 8, end: Math.min(at + 8 + length, to) }
    at += 8 + length + (length % 2)
  }
}

function sizeOf(head: DataView): Size | null {
  switch (letters(head, 0, 4)) {
    case 'VP8 ':
      return { width: head.getUint16(14, true) & 0x3fff, height: head.getUint16(16, true) & 0x3fff }
    case 'VP8L': {
      const bits = head.getUint32(9, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { width: 1 + uint24(head, 12), height: 1 + uint24(head, 15) }
    default:
      return null
  }
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16)
}
