/** @file Reads the size and orientation of a JPEG (ITU-T T.81, annex B; EXIF in APP1). */
import { type ByteWindow, letters } from './byteWindow.ts'
import { exifOrientation } from './exif.ts'
import type { PictureHeader, Splice } from './pictureHeader.ts'

/** Start-of-frame markers of all processes; C4, C8 and CC in between mark tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** Is null if no frame begins before the data. */
export async function jpegHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  let orientation = 1
  const upright: Splice[] = []
  const bare: Splice[] = []
  for (let at = 2; at < bytes.size;) {
    const segment = await bytes.read(at, 10)
    if (segment.byteLength < 4) return null
    const marker = segment.getUint8(1)
    // Decoders skip fill bytes and garbage between segments.
    if (segment.getUint8(0) !== 0xff || marker === 0xff || marker === 0) {
      at++
      continue
    }
    // These markers have no content.
    if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
      at += 2
      continue
    }
    if (marker === 0xd9 || marker === 0xda) return null
    const length = segment.getUint16(2)
    if (isFrame(marker)) {
      if (segment.byteLength < 9) return null
      const isGrey = segment.byteLength > 9 && segment.getUint8(9) === 1
      const [height, width] = [segment.getUint16(5), segment.getUint16(7)]
      return { kind: 'JPEG', height, width, orientation, isGrey, upright, bare }
    }
    if (marker === 0xe1) {
      const content = await bytes.read(at + 4, length - 2)
      const found = letters(content, 0, 6) === 'Exif\0\0' ? exifOrientation(content) : null
      if (found) {
        orientation = found.orientation
        const start = at + 4 + found.at
        upright.push({ start, end: start + 2, bytes: found.upright })
      }
    }
    const end = at + 2 + Math.max(length, 2)
    if (marker === 0xe2 && letters(await bytes.read(at + 4, 12), 0, 12) === 'ICC_PROFILE\0')
      bare.push({ start: at, end, bytes: new Uint8Array(0) })
    at = end
  }
  return null
}
