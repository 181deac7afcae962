/**
 * @file Reads the size and the turns of an AVIF (ISO/IEC 23008-12: properties ispe, irot and imir of its items), and which of its items is
 * its transparency (auxC).
 */
import { type ByteWindow, letters } from './byteWindow.ts'
import type { PictureHeader, Splice } from './pictureHeader.ts'

/** The boxes on the way to the properties, with the number of bytes before the first box in each. */
const containers: Readonly<Record<string, number>> = { meta: 12, iprp: 8, ipco: 8, iref: 12 }

/** What transparency is called, in MIAF and in HEIF, and what a map of depths is, which browsers ignore. */
const depthFor: Readonly<Record<string, string>> = {
  'urn:mpeg:mpegB:cicp:systems:auxiliary:alpha': 'urn:mpeg:mpegB:cicp:systems:auxiliary:depth',
  'urn:mpeg:hevc:2015:auxid:1': 'urn:mpeg:hevc:2015:auxid:2',
}

/** A directory of items takes some hundred bytes; anything longer than this is none. */
const maxMetaBytes = 1 << 20

interface Found {
  width: number
  height: number
  readonly upright: Splice[]
  /**
   * Quarter turns to the left, and then over which axis it is mirrored: 0 to swap top and bottom, 1 for left and right. Files may list
   * the mirror first, but MIAF has this order, and Pillow and Chromium keep to it.
   */
  turns: number | null
  axis: number | null
  /** The numbers of the properties that are such. */
  readonly turning: Set<number>
  readonly opaque: Splice[]
  /** Whether colours were multiplied by alpha before they were encoded. */
  isPremultiplied: boolean
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
  const found: Found = {
    width: 0,
    height: 0,
    upright: [],
    turns: null,
    axis: null,
    turning: new Set(),
    opaque: [],
    isPremultiplied: false,
  }
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
  const { width, height, upright, opaque, isPremultiplied } = found
  if (width === 0) return null
  return {
    kind: 'AVIF',
    width,
    height,
    orientation: orientationOf(found),
    // WebKit does not turn AVIFs.
    isOwnTurn: true,
    upright,
    ...(opaque.length > 0 && !isPremultiplied && { underneath: { opaque: [...opaque, ...upright] } }),
  }
}

/** EXIF's number by turns, for each axis: none, top and bottom, left and right. */
const orientations = [
  [1, 8, 3, 6],
  [4, 5, 2, 7],
  [2, 7, 4, 5],
] as const

function orientationOf({ turns, axis }: Found): number {
  return orientations[axis === null ? 0 : axis + 1]![turns ?? 0]!
}

function walk(view: DataView, base: number, start: number, end: number, found: Found): void {
  // Items name their properties by numbers from 1 on.
  for (let at = start, number = 1; at + 8 <= end; number++) {
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
    if (type === 'irot' && length === 9) found.turns ??= view.getUint8(at + 8) & 3
    if (type === 'imir' && length === 9) found.axis ??= view.getUint8(at + 8) & 1
    if ((type === 'irot' || type === 'imir') && length === 9) found.turning.add(number)
    if (type === 'ipma') takeTurnsAway(view, base, at, at + length, found)
    if (type === 'prem') found.isPremultiplied = true
    if (type === 'auxC') {
      const name = letters(view, at + 12, length - 12).replace(/\0.*/s, '')
      const other = depthFor[name]
      const from = base + at + 12
      if (other)
        found.opaque.push({ start: from, end: from + name.length, bytes: new TextEncoder().encode(other) })
    }
    at += length
  }
}

/** Items keep their lists of properties; what turns them becomes number 0 there, which is none. */
function takeTurnsAway(view: DataView, base: number, start: number, end: number, found: Found): void {
  if (start + 16 > end) return
  const [longItems, size] = [view.getUint8(start + 8) > 0, view.getUint8(start + 11) & 1 ? 2 : 1]
  let at = start + 16
  for (let items = view.getUint32(start + 12); items > 0; items--) {
    at += longItems ? 4 : 2
    if (at >= end) return
    for (let left = view.getUint8(at++); left > 0; left--, at += size) {
      if (at + size > end) return
      // The first bit says that the property must be known.
      const number = size === 1 ? view.getUint8(at) & 0x7f : view.getUint16(at) & 0x7fff
      if (found.turning.has(number))
        found.upright.push({ start: base + at, end: base + at + size, bytes: new Uint8Array(size) })
    }
  }
}
