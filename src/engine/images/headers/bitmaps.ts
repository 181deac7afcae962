/** @file Reads the sizes of GIF, BMP and ICO, which are never turned, and what they say of transparency. */
import type { ByteWindow } from './byteWindow.ts'
import type { PictureHeader, Splice, Underneath } from './pictureHeader.ts'

export async function gifHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const head = await bytes.read(6, 4)
  if (head.byteLength < 4) return null
  return { ...asStored('GIF', head.getUint16(0, true), head.getUint16(2, true)), underneath: 'black' }
}

/** The length of a BMP's own header, and of the shortest one behind it that says more than a size. */
const [fileHeader, infoHeader] = [14, 40]
/** From this length on it has a mask for alpha. */
const withAlphaMask = 56
/** What a BMP says of how its pixels are packed: not at all, or with masks that say which bits are which colour. */
const [unpacked, byMasks] = [0, 3]
/** Red, green and blue in a number of 32 bits. */
const usualMasks = [0xff0000, 0xff00, 0xff]

export async function bmpHeader(bytes: ByteWindow): Promise<PictureHeader | null> {
  const head = await bytes.read(0, fileHeader + withAlphaMask)
  if (head.byteLength < fileHeader + 12) return null
  const length = head.getUint32(fileHeader, true)
  // OS/2's header has 16-bit sizes; a negative height means rows from the top.
  if (length === 12) return asStored('BMP', head.getUint16(18, true), head.getUint16(20, true))
  const size = asStored('BMP', head.getInt32(18, true), Math.abs(head.getInt32(22, true)))
  if (head.byteLength < fileHeader + infoHeader) return size
  const [bits, packing] = [head.getUint16(28, true), head.getUint32(30, true)]
  if (length === infoHeader && bits === 32 && packing === unpacked) {
    const pixels = { start: 10, end: 14, bytes: littleEndian(head.getUint32(10, true) + 12) }
    return { ...size, bare: [pixels, ...named(fileHeader)] }
  }
  if (packing !== byMasks || length < withAlphaMask || head.byteLength < fileHeader + withAlphaMask)
    return size
  const start = fileHeader + withAlphaMask - 4
  const hasAlpha = head.getUint32(start, true) !== 0
  return hasAlpha
    ? { ...size, underneath: { opaque: [{ start, end: start + 4, bytes: littleEndian(0) }] } }
    : size
}

/** The changes by which the header at `start` names the bits of the colours, and so that the others mean nothing. */
function named(start: number): Splice[] {
  const end = start + infoHeader
  return [
    { start: start + 16, end: start + 20, bytes: littleEndian(byMasks) },
    { start: end, end, bytes: littleEndian(...usualMasks) },
  ]
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
    const [length, start] = [entry.getUint32(8, true), entry.getUint32(12, true)]
    const { width, height, underneath } = await iconPicture(
      bytes,
      start,
      Math.min(start + length, bytes.size),
    )
    if (!best || width * height > best.width * best.height)
      best = { ...asStored('ICO', width, height), underneath }
  }
  return best
}

interface IconPicture {
  readonly width: number
  readonly height: number
  readonly underneath: Underneath
}

/** A PNG, or a BMP without its own header. One whose transparency is a mask is black there in all browsers. */
async function iconPicture(bytes: ByteWindow, start: number, end: number): Promise<IconPicture> {
  const head = await bytes.read(start, 24)
  if (head.byteLength < 24) return { width: 0, height: 0, underneath: 'black' }
  if (head.getUint32(0) === 0x89504e47)
    return {
      width: head.getUint32(16),
      height: head.getUint32(20),
      underneath: { format: 'PNG', start, end },
    }
  // The height counts the rows of colours and those of the mask.
  const [width, height] = [head.getInt32(4, true), Math.abs(head.getInt32(8, true)) >> 1]
  const isDeep = head.getUint32(0, true) === infoHeader && head.getUint16(14, true) === 32
  return { width, height, underneath: isDeep ? { opaque: asBmp(start, end, height, bytes.size) } : 'black' }
}

/** The changes that make a BMP of one picture of an icon, 32 bits a pixel, without its transparency. */
function asBmp(start: number, end: number, height: number, fileEnd: number): Splice[] {
  const pixels = fileHeader + infoHeader + 4 * usualMasks.length
  const head = Uint8Array.of(0x42, 0x4d, ...littleEndian(end - start + fileHeader + 12, 0, pixels))
  return [
    { start: 0, end: start, bytes: head },
    { start: start + 8, end: start + 12, bytes: littleEndian(height) },
    ...named(start),
    { start: end, end: fileEnd, bytes: new Uint8Array(0) },
  ]
}

function littleEndian(...numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * numbers.length))
  for (const [i, number] of numbers.entries()) view.setUint32(4 * i, number, true)
  return new Uint8Array(view.buffer)
}

function asStored(kind: PictureHeader['kind'], width: number, height: number): PictureHeader {
  return { kind, width, height, orientation: 1, upright: [] }
}
