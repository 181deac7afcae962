/** @file Recognizes a picture's format by its content, whatever its name ends in, and reads its header. */
import { clauseError } from '../../../core/errors.ts'
import { avifHeader, brandsOf } from './avif.ts'
import { bmpHeader, gifHeader, icoHeader } from './bitmaps.ts'
import { ByteWindow, letters } from './byteWindow.ts'
import { jpegHeader } from './jpeg.ts'
import { nameOther } from './otherKinds.ts'
import { type PictureHeader, type PictureKind } from './pictureHeader.ts'
import { pngHeader } from './png.ts'
import { tiffHeader } from './tiff.ts'
import { webpHeader } from './webp.ts'

const readers: Readonly<Record<PictureKind, (bytes: ByteWindow) => Promise<PictureHeader | null>>> = {
  JPEG: jpegHeader,
  PNG: pngHeader,
  WebP: webpHeader,
  GIF: gifHeader,
  BMP: bmpHeader,
  ICO: icoHeader,
  AVIF: avifHeader,
  TIFF: tiffHeader,
}

/** Decodes no pixel. Throws `images/…` if this is no picture that can be decoded. */
export async function readHeader(file: Blob | Uint8Array): Promise<PictureHeader> {
  const bytes = new ByteWindow(file)
  if (bytes.size === 0) throw clauseError('images/unreadable', { reason: 'the file is empty' })
  const head = await bytes.read(0, Math.min(bytes.size, 512))
  const kind = kindFrom(head)
  const header = await readers[kind](bytes)
  if (!header || !(header.width >= 1 && header.height >= 1)) throw clauseError('images/undecodable', { kind })
  return header
}

/** The format of a file that begins so. Throws `images/…` if it is no picture. */
export function kindFrom(head: DataView): PictureKind {
  const kind = kindOf(head)
  if (kind) return kind
  const other = nameOther(head)
  throw other ? clauseError('images/other-kind', other) : clauseError('images/unknown-kind')
}

function kindOf(head: DataView): PictureKind | null {
  if (letters(head, 0, 3) === '\xff\xd8\xff') return 'JPEG'
  if (letters(head, 0, 8) === '\x89PNG\r\n\x1a\n') return 'PNG'
  if (letters(head, 0, 4) === 'RIFF' && letters(head, 8, 4) === 'WEBP') return 'WebP'
  if (/^GIF8[79]a/.test(letters(head, 0, 6))) return 'GIF'
  if (letters(head, 0, 2) === 'BM') return 'BMP'
  if (letters(head, 0, 4) === '\0\0\x01\0') return 'ICO'
  if (brandsOf(head).some((brand) => brand === 'avif' || brand === 'avis')) return 'AVIF'
  // Canon's raw photos are TIFFs with two more letters.
  if (/^(II\*\0|MM\0\*)/.test(letters(head, 0, 4)) && letters(head, 8, 2) !== 'CR') return 'TIFF'
  return null
}
