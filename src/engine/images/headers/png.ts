/** @file Size and orientation of a PNG (chunks IHDR and eXIf), and whether it moves (acTL). */
import { type ByteWindow, letters } from './byteWindow.ts'
import { exifOrientation } from './exif.ts'
import type { PictureHeader, Splice } from './pictureHeader.ts'

/** Null where it doesn't begin with IHDR. */
export async function pngHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const first = await bytes.read(8, 16)
  if (first.byteLength < 16 || letters(first, 4, 4) !== 'IHDR') return null
  let orientation = 1
  const upright: Splice[] = []
  const still: Splice[] = []
  // Browsers read the orientation only where it stands before the pixels.
  for (let at = 8; ;) {
    const chunk = await bytes.read(at, 8)
    if (chunk.byteLength < 8 || letters(chunk, 4, 4) === 'IDAT') break
    const end = at + 12 + chunk.getUint32(0)
    if (letters(chunk, 4, 4) === 'acTL') still.push({ start: at, end, bytes: new Uint8Array(0) })
    if (letters(chunk, 4, 4) === 'eXIf') {
      const found = exifOrientation(await bytes.read(at + 8, chunk.getUint32(0)))
      if (found) {
        orientation = found.orientation
        // The chunk as a whole, as it carries a check sum.
        upright.push({ start: at, end, bytes: new Uint8Array(0) })
      }
    }
    at = end
  }
  return { kind: 'PNG', width: first.getUint32(8), height: first.getUint32(12), orientation, upright, still }
}
