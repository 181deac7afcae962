/** @file Reads the size and orientation of a WebP (RFC 9649): lossy, lossless and extended. */
import { type ByteWindow, letters } from './byteWindow.ts'
import { exifOrientation } from './exif.ts'
import type { PictureHeader, Splice } from './pictureHeader.ts'

export async function webpHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const head = await bytes.read(12, 18)
  if (head.byteLength < 18) return null
  const size = sizeOf(head)
  if (!size) return null
  let orientation = 1
  const upright: Splice[] = []
  if (letters(head, 0, 4) !== 'VP8X' || (head.getUint8(8) & 8) === 0)
    return { kind: 'WebP', ...size, orientation, isOwnTurn: true, upright }
  // EXIF comes after the pixels; chunks are padded to even lengths.
  for (let at = 12; at + 8 <= bytes.size;) {
    const chunk = await bytes.read(at, 8)
    const length = chunk.getUint32(4, true)
    if (letters(chunk, 0, 4) === 'EXIF') {
      const found = exifOrientation(await bytes.read(at + 8, length))
      if (found) {
        orientation = found.orientation
        const start = at + 8 + found.at
        upright.push({ start, end: start + 2, bytes: found.upright })
      }
    }
    at += 8 + length + (length % 2)
  }
  return { kind: 'WebP', ...size, orientation, isOwnTurn: true, upright }
}

function sizeOf(head: DataView): { width: number; height: number } | null {
  switch (letters(head, 0, 4)) {
    case 'VP8 ':
      return { width: head.getUint16(14, true) & 0x3fff, height: head.getUint16(16, true) & 0x3fff }
    case 'VP8L': {
      const bits = head.getUint32(9, true)
      return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return {
        width: 1 + (head.getUint32(12, true) & 0xffffff),
        height: 1 + (head.getUint32(14, true) >>> 8),
      }
    default:
      return null
  }
}
