/** @file Reads image file directories, which hold the tags of EXIF and of TIFF (TIFF 6.0, section 2). */
import { letters } from './byteWindow.ts'

const orientationTag = 0x112

/** The bytes of one value by TIFF's number of its type: byte, text, short, long. */
const typeBytes: Readonly<Record<number, number>> = { 1: 1, 2: 1, 3: 2, 4: 4 }

export interface Directory {
  readonly littleEndian: boolean
  /** The offset of the tag's value, and its numbers if they fit into the directory itself. */
  readonly tags: ReadonlyMap<number, { readonly at: number; readonly count: number; readonly value: number }>
}

/** The byte order of a TIFF structure and the offset of its first directory. Is null if this is no such structure. */
export function tiffStart(view: DataView): { littleEndian: boolean; directory: number } | null {
  if (view.byteLength < 8) return null
  const order = letters(view, 0, 2)
  if (order !== 'II' && order !== 'MM') return null
  const littleEndian = order === 'II'
  if (view.getUint16(2, littleEndian) !== 42) return null
  return { littleEndian, directory: view.getUint32(4, littleEndian) }
}

/** The tags of the directory at `offset`, as far as it lies in `view`. */
export function readDirectory(view: DataView, offset: number, littleEndian: boolean): Directory {
  const tags = new Map<number, { at: number; count: number; value: number }>()
  const count = offset + 2 <= view.byteLength ? view.getUint16(offset, littleEndian) : 0
  for (let i = 0; i < count; i++) {
    const entry = offset + 2 + i * 12
    if (entry + 12 > view.byteLength) break
    const type = view.getUint16(entry + 2, littleEndian)
    const at = entry + 8
    const bytes = typeBytes[type]
    if (!bytes) continue
    const value =
      bytes === 1
        ? view.getUint8(at)
        : bytes === 2
          ? view.getUint16(at, littleEndian)
          : view.getUint32(at, littleEndian)
    tags.set(view.getUint16(entry, littleEndian), {
      at,
      count: view.getUint32(entry + 4, littleEndian),
      value,
    })
  }
  return { littleEndian, tags }
}

export interface Orientation {
  /** EXIF's number, 2 … 8, for the turn that makes the picture upright. */
  readonly orientation: number
  /** The offset of the number, and the two bytes that mean 1. */
  readonly at: number
  readonly upright: Uint8Array<ArrayBuffer>
}

/** The orientation in an EXIF block. Is null if the picture need not be turned, or if the block is damaged. */
export function exifOrientation(exif: DataView): Orientation | null {
  // Some programs put the six letters that JPEG needs before the block in other formats, too.
  const skip = letters(exif, 0, 6) === 'Exif\0\0' ? 6 : 0
  const block = new DataView(exif.buffer, exif.byteOffset + skip, exif.byteLength - skip)
  const start = tiffStart(block)
  if (!start) return null
  const found = readDirectory(block, start.directory, start.littleEndian).tags.get(orientationTag)
  if (!found || found.value < 2 || found.value > 8) return null
  const upright = start.littleEndian ? [1, 0] : [0, 1]
  return { orientation: found.value, at: skip + found.at, upright: Uint8Array.from(upright) }
}
