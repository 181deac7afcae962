/**
 * @file Reads what a zip archive says about an entry, in its central directory and right before the entry's content.
 */
import { nameOf, unicodePathOf } from './zipNames.ts'

export interface ZipHeader {
  /** The path with `/`, even if Windows wrote back-slashes; a directory's path ends with `/`. */
  readonly path: string
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly encrypted: boolean
  /** The sizes in bytes in the archive, and unpacked. */
  readonly packed: number
  readonly unpacked: number
  /** The offset of the entry's local header in the file. */
  readonly offset: number
  /** The offset of the next header in the view. */
  readonly next: number
}

/** The mark of an entry in the central directory. */
export const directoryEntry = 0x02014b50

export async function viewOf(part: Blob): Promise<DataView> {
  return new DataView(await part.arrayBuffer())
}

/**
 * Reads the header at an offset of a view into the directory. Is null if the view ends before the header does; throws
 * if there is no header. `before`: the number of bytes before the archive.
 */
export function readZipHeader(
  view: DataView,
  at: number,
  before: number,
  damaged: (reason: string) => Error,
): ZipHeader | null {
  if (at + 46 > view.byteLength) return null
  if (view.getUint32(at, true) !== directoryEntry) throw damaged('its list of entries is broken')
  const nameLength = view.getUint16(at + 28, true)
  const extraLength = view.getUint16(at + 30, true)
  const extraEnd = at + 46 + nameLength + extraLength
  const next = extraEnd + view.getUint16(at + 32, true)
  if (next > view.byteLength) return null
  const flags = view.getUint16(at + 8, true)
  const sizes = {
    unpacked: view.getUint32(at + 24, true),
    packed: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  }
  const name = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + at + 46, nameLength)
  let unicodePath: string | null = null
  for (let extra = at + 46 + nameLength; extra + 4 <= extraEnd;) {
    const kind = view.getUint16(extra, true)
    const field = extra + 4
    extra = field + view.getUint16(extra + 2, true)
    if (extra > extraEnd) break
    if (kind === zip64Field) readZip64(view, field, extra, sizes)
    if (kind === unicodePathField) unicodePath ??= unicodePathOf(view, field, extra, name)
  }
  const offset = sizes.offset + before
  // More than a number holds exactly is more than any file has.
  if (offset < 0 || ![offset, sizes.packed, sizes.unpacked].every(Number.isSafeInteger))
    throw damaged('its list of entries is broken')
  return {
    path: unicodePath ?? nameOf(name, (flags & 0x800) !== 0),
    method: view.getUint16(at + 10, true),
    encrypted: (flags & 1) === 1,
    ...sizes,
    offset,
    next,
  }
}

const zip64Field = 1
/** Info-ZIP's field for a name in UTF-8 (APPNOTE 4.6.9). */
const unicodePathField = 0x7075

/** The field holds those of the three numbers that do not fit into 32 bits, in this order. */
function readZip64(
  view: DataView,
  field: number,
  end: number,
  sizes: Record<'unpacked' | 'packed' | 'offset', number>,
): void {
  for (const key of ['unpacked', 'packed', 'offset'] as const) {
    if (sizes[key] !== 0xffffffff || field + 8 > end) continue
    sizes[key] = Number(view.getBigUint64(field, true))
    field += 8
  }
}

/** The bytes of a local header before its name. */
const localHeaderBytes = 30
const localHeader = 0x04034b50

export interface ZipLocalHeader {
  /** Whether there is a local header at this offset. */
  readonly isSigned: boolean
  readonly encrypted: boolean
  /** The offset of the entry's content in the file; name and extra field may be longer here than in the directory. */
  readonly contentStart: number
}

/** Is null if the file ends before the header. */
export async function readZipLocalHeader(file: Blob, offset: number): Promise<ZipLocalHeader | null> {
  return zipLocalHeader(await viewOf(file.slice(offset, offset + localHeaderBytes)), offset)
}

/** Reads the header from a view that begins with it. */
export function zipLocalHeader(view: DataView, offset: number): ZipLocalHeader | null {
  if (view.byteLength < localHeaderBytes) return null
  return {
    isSigned: view.getUint32(0, true) === localHeader,
    encrypted: (view.getUint16(6, true) & 1) === 1,
    contentStart: offset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true),
  }
}
