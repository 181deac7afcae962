/** @file Reads the size and the turns of an AVIF (ISO/IEC 23008-12: properties ispe, irot and imir of its items). */
import { type ByteWindow, letters } from './byteWindow.ts'
import type { PictureHeader, Splice } from './pictureHeader.ts'

/** The boxes on the way to the properties, with the number of bytes before the first box in each. */
const containers: Readonly<Record<string, number>> = { meta: 12, iprp: 8, ipco: 8 }

/** A directory of items takes some hundred bytes; anything longer than this is none. */
const maxMetaBytes = 1 << 20

interface Found {
  width: number
  height: number
  readonly upright: Splice[]
}

/** The brands of the file's first box, the main one first. */
export function brandsOf(head: DataView): string[] {
  if (letters(head, 4, 4) !== 'ftyp') return []
  const end = Math.min(head.getUint32(0), head.byteLength)
  const brands = [letters(head, 8, 4)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(letters(head, at, 4))
  return brands
}

export async function avifHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const found: Found = { width: 0, height: 0, upright: [] }
  for (let at = 0; at + 8 <= bytes.size;) {
    const head = await bytes.read(at, 8)
    const length = head.getUint32(0)
    if (letters(head, 4, 4) === 'meta' && length <= maxMetaBytes) {
      const meta = await bytes.read(at, length)
      walk(meta, at, 12, meta.byteLength, found)
      break
    }
    if (length < 8) break
    at += length
  }
  return found.width > 0 ? { kind: 'AVIF', ...found, orientation: 1 } : null
}

function walk(view: DataView, base: number, start: number, end: number, found: Found): void {
  for (let at = start; at + 8 <= end;) {
    const length = view.getUint32(at)
    if (length < 8 || at + length > end) return
    const type = letters(view, at + 4, 4)
    const inner = containers[type]
    if (inner) walk(view, base, at + inner, at + length, found)
    if (type === 'ispe' && length >= 20) {
      // Thumbnails and alpha planes have sizes of their own.
      found.width = Math.max(found.width, view.getUint32(at + 12))
      found.height = Math.max(found.height, view.getUint32(at + 16))
    }
    // A mirror is replaced by a turn of 0°: the boxes have the same length, so the properties keep their numbers.
    if ((type === 'irot' || type === 'imir') && length === 9)
      found.upright.push({
        start: base + at + 4,
        end: base + at + 9,
        bytes: Uint8Array.from([...'irot'].map((letter) => letter.charCodeAt(0)).concat(0)),
      })
    at += length
  }
}
