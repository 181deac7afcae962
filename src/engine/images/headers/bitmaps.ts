/** @file Reads the sizes of GIF, BMP and ICO, which are never turned. */
import type { ByteWindow } from './byteWindow.ts'
import type { PictureHeader } from './pictureHeader.ts'

export async function gifHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const head = await bytes.read(6, 4)
  if (head.byteLength < 4) return null
  return asStored('GIF', head.getUint16(0, true), head.getUint16(2, true))
}

export async function bmpHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const head = await bytes.read(14, 12)
  if (head.byteLength < 12) return null
  // OS/2's header has 16-bit sizes; a negative height means rows from the top.
  if (head.getUint32(0, true) === 12) return asStored('BMP', head.getUint16(4, true), head.getUint16(6, true))
  return asStored('BMP', head.getInt32(4, true), Math.abs(head.getInt32(8, true)))
}

/**
 * The size of the largest picture. A picture may be larger than the icon's table says, so each picture's header is
 * read.
 */
export async function icoHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const head = await bytes.read(0, 6)
  if (head.byteLength < 6) return null
  let best: PictureHeader | null = null
  for (let i = 0; i < head.getUint16(4, true); i++) {
    const entry = await bytes.read(6 + i * 16, 16)
    if (entry.byteLength < 16) break
    const { width, height } = await iconSize(bytes, entry.getUint32(12, true))
    if (!best || width * height > best.width * best.height) best = asStored('ICO', width, height)
  }
  return best
}

async function iconSize(bytes: ByteWindow, offset: number): Promise<{ width: number; height: number }> {
  const head = await bytes.read(offset, 24)
  if (head.byteLength < 24) return { width: 0, height: 0 }
  if (head.getUint32(0) === 0x89504e47) return { width: head.getUint32(16), height: head.getUint32(20) }
  // The height counts the rows of colours and those of the mask.
  return { width: head.getInt32(4, true), height: Math.abs(head.getInt32(8, true)) >> 1 }
}

function asStored(kind: PictureHeader['kind'], width: number, height: number): PictureHeader {
  return { kind, width, height, orientation: 1, upright: [] }
}
