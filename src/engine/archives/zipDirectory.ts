/** @file The list of entries at the end of a zip archive, its central directory (PKWARE APPNOTE 4.3), zip64 included. */
import { crc32 } from './crc32.ts'

/** An entry, an archive without any, or the mark of one that was made for several parts (`PK\7\8`, `PK00`). */
export function isZip(head: Uint8Array): boolean {
  const [p, k, first, second] = head
  const isMark = (first === 3 || first === 5 || first === 7) && second === first + 1
  return p === 0x50 && k === 0x4b && (isMark || (first === 0x30 && second === 0x30))
}

/** Also one with something else before it, as a program that unpacks itself: a zip is known by its end. */
export async function isZipFile(file: Blob): Promise<boolean> {
  if (isZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()))) return true
  return findZipDirectory(file, () => new Error('none')).then(
    () => true,
    () => false,
  )
}

export interface ZipDirectory {
  /** Entries. */
  readonly count: number
  /** In the file, in bytes. */
  readonly offset: number
  readonly length: number
  /** Bytes of something else before the archive, which its own offsets do not count. */
  readonly before: number
}

export interface ZipHeader {
  /** With `/`, also where Windows wrote back-slashes; a directory's ends with it. */
  readonly path: string
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly encrypted: boolean
  /** Bytes in the archive, and unpacked. */
  readonly packed: number
  readonly unpacked: number
  /** Of the entry's local header in the file. */
  readonly offset: number
  /** Where the next header begins in the view. */
  readonly next: number
}

const endRecord = 0x06054b50
const end64Record = 0x06064b50
const end64Locator = 0x07064b50
const directoryEntry = 0x02014b50
/** The record, a comment of at most 64 kB, and the locator of zip64 before. */
const tailBytes = 22 + 0xffff + 20

/** Of the record at the end, without its comment. */
const endBytes = 22

/** `damaged` makes the error that is thrown where there is none, or where it lies beyond the end. */
export async function findZipDirectory(
  file: Blob,
  damaged: (reason: string) => Error,
): Promise<ZipDirectory> {
  const tail = await tailOf(file)
  const start = file.size - tail.byteLength
  for (const at of endRecords(tail)) {
    const end = await endRecordAt(file, tail, at, start)
    if (end.part > 0)
      throw damaged('it is the last of several parts; join them with: zip -s 0 IT --out WHOLE.zip')
    // The directory ends where its record begins, unless something was put in between.
    for (const offset of [end.at - end.length, end.offset])
      if (offset >= 0 && (await isDirectory(file, offset, end)))
        return { count: end.count, offset, length: end.length, before: offset - end.offset }
  }
  throw damaged(
    endRecords(tail).length > 0
      ? 'its list of entries is not where its end says'
      : 'the list at its end is missing, so it has been cut off',
  )
}

export async function viewOf(part: Blob): Promise<DataView> {
  return new DataView(await part.arrayBuffer())
}

function tailOf(file: Blob): Promise<DataView> {
  return viewOf(file.slice(Math.max(0, file.size - tailBytes)))
}

/**
 * Places where there may be one, the likeliest first: a comment may hold the signature, too. What says that there are
 * entries comes before what says nothing, and a comment that ends the file before others.
 */
function endRecords(tail: DataView): number[] {
  const found: { at: number; likely: number }[] = []
  for (let at = tail.byteLength - endBytes; at >= 0; at--) {
    if (tail.getUint32(at, true) !== endRecord) continue
    const endsFile = at + endBytes + tail.getUint16(at + 20, true) === tail.byteLength
    found.push({ at, likely: (tail.getUint16(at + 10, true) > 0 ? 2 : 0) + (endsFile ? 1 : 0) })
  }
  return found.toSorted((a, b) => b.likely - a.likely).map(({ at }) => at)
}

/** What the record says. */
interface EndRecord {
  /** Where it begins in the file; the directory lies before. */
  readonly at: number
  readonly part: number
  readonly count: number
  readonly offset: number
  readonly length: number
}

async function endRecordAt(file: Blob, tail: DataView, at: number, start: number): Promise<EndRecord> {
  const part = tail.getUint16(at + 4, true)
  return (
    (await zip64Record(file, tail, at, start)) ?? {
      at: start + at,
      part: part === 0xffff ? 0 : part,
      count: tail.getUint16(at + 10, true),
      offset: tail.getUint32(at + 16, true),
      length: tail.getUint32(at + 12, true),
    }
  )
}

async function zip64Record(
  file: Blob,
  tail: DataView,
  end: number,
  start: number,
): Promise<EndRecord | null> {
  if (end < 20 || tail.getUint32(end - 20, true) !== end64Locator) return null
  // Right before the locator, as a rule; else where that says.
  for (const at of [start + end - 20 - 56, Number(tail.getBigUint64(end - 12, true))]) {
    const view = await viewOf(file.slice(Math.max(0, at), at + 56))
    if (view.byteLength < 56 || view.getUint32(0, true) !== end64Record) continue
    return {
      at,
      part: view.getUint32(16, true),
      count: Number(view.getBigUint64(32, true)),
      length: Number(view.getBigUint64(40, true)),
      offset: Number(view.getBigUint64(48, true)),
    }
  }
  return null
}

async function isDirectory(file: Blob, offset: number, { count, length }: EndRecord): Promise<boolean> {
  if (count === 0) return length === 0
  if (offset + length > file.size || length < 46) return false
  return (await viewOf(file.slice(offset, offset + 4))).getUint32(0, true) === directoryEntry
}

/**
 * The header at this place of a view into the directory; null where the view ends before it; throws where none is.
 * `before`: bytes before the archive.
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
  return {
    path: unicodePath ?? nameOf(name, (flags & 0x800) !== 0),
    method: view.getUint16(at + 10, true),
    encrypted: (flags & 1) === 1,
    ...sizes,
    offset: sizes.offset + before,
    next,
  }
}

const zip64Field = 1
/** Info-ZIP's (APPNOTE 4.6.9). */
const unicodePathField = 0x7075

/** Holds those, in this order, that do not fit into 32 bits. */
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

/** The name in UTF-8; null where it is of another name, as when a tool that does not know the field has renamed the file. */
function unicodePathOf(view: DataView, field: number, end: number, name: Uint8Array): string | null {
  if (end - field < 5 || view.getUint8(field) !== 1) return null
  if (view.getUint32(field + 1, true) !== crc32(name)) return null
  return lenient.decode(
    new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + field + 5, end - field - 5),
  )
}

/** Of an entry's local header the part before its name. */
const localHeaderBytes = 30
const localHeader = 0x04034b50

export interface ZipLocalHeader {
  /** Whether there is one at this place. */
  readonly isSigned: boolean
  readonly encrypted: boolean
  /** Where the entry's content begins in the file: name and extra field may be longer than in the directory. */
  readonly contentStart: number
}

/** Null where the file ends before it. */
export async function readZipLocalHeader(file: Blob, offset: number): Promise<ZipLocalHeader | null> {
  return zipLocalHeader(await viewOf(file.slice(offset, offset + localHeaderBytes)), offset)
}

/** The same of a view that begins with it. */
export function zipLocalHeader(view: DataView, offset: number): ZipLocalHeader | null {
  if (view.byteLength < localHeaderBytes) return null
  return {
    isSigned: view.getUint32(0, true) === localHeader,
    encrypted: (view.getUint16(6, true) & 1) === 1,
    contentStart: offset + localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true),
  }
}

const lenient = new TextDecoder()
const strict = new TextDecoder('utf-8', { fatal: true })

/** What the flag calls UTF-8 is; otherwise the IBM PC's letters, but for the many tools that write UTF-8 without it. */
function nameOf(bytes: Uint8Array<ArrayBuffer>, isUtf8: boolean): string {
  if (isUtf8) return withSlashes(lenient.decode(bytes))
  try {
    return withSlashes(strict.decode(bytes))
  } catch {
    const name = Array.from(bytes, (byte) =>
      byte < 128 ? String.fromCharCode(byte) : cp437[byte - 128]!,
    ).join('')
    // In Shift-JIS and other codes of two bytes a back-slash may be the second half of a letter.
    return /[\u0080-\uFFFF]\\/.test(name) ? name : withSlashes(name)
  }
}

/** Windows writes back-slashes; in a name that has slashes they are letters, as Info-ZIP takes them. */
function withSlashes(name: string): string {
  return name.includes('/') ? name : name.replaceAll('\\', '/')
}

/** Code page 437, its upper half. */
const cp437 = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»',
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0',
].join('')
