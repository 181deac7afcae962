/** @file Reads the size and orientation of a TIFF's first page. */
import type { ByteWindow } from './byteWindow.ts'
import { readDirectory, tiffStart } from './exif.ts'
import type { PictureHeader } from './pictureHeader.ts'

/** Allows for some hundred tags. */
const directoryBytes = 8192

export async function tiffHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const start = tiffStart(await bytes.read(0, 8))
  if (!start) return null
  const { tags } = readDirectory(await bytes.read(start.directory, directoryBytes), 0, start.littleEndian)
  const [width, height] = [tags.get(256)?.value, tags.get(257)?.value]
  if (!width || !height) return null
  // White is zero, or black is.
  const isGrey = [0, 1].includes(tags.get(262)?.value ?? -1)
  const turn = tags.get(274)?.value ?? 1
  // As for Pillow, numbers without a meaning are no turn.
  const orientation = turn >= 1 && turn <= 8 ? turn : 1
  return { kind: 'TIFF', width, height, orientation, isGrey, upright: [] }
}
