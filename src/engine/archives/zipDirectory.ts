/** @file The list of entries at the end of a zip archive, its central directory (PKWARE APPNOTE 4.3), zip64 included. */

export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2]! + 1
}

export interface ZipDirectory {
  /** Entries. */
  readonly count: number
  /** In the file, in bytes. */
  readonly offset: number
  readonly length: number
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

/** `damaged` makes the error that is thrown where there is none, or where it lies beyond the end. */
export async function findZipDirectory(
  file: Blob,
  damaged: (reason: string) => Error,
): Promise<ZipDirectory> {
  const view = await viewOf(file.slice(Math.max(0, file.size - tailBytes)))
  const end = lastRecord(view)
  if (end === null) throw damaged('the list at its end is missing, so it has been cut off')
  const directory = (await zip64Directory(file, view, end)) ?? {
    count: view.getUint16(end + 10, true),
    offset: view.getUint32(end + 16, true),
    length: view.getUint32(end + 12, true),
  }
  if (directory.offset + directory.length > file.size)
    throw damaged('its list of entries lies beyond its end')
  return directory
}

export async function viewOf(part: Blob): Promise<DataView> {
  return new DataView(await part.arrayBuffer())
}

function lastRecord(view: DataView): number | null {
  for (let at = view.byteLength - 22; at >= 0; at--) if (view.getUint32(at, true) === endRecord) return at
  return null
}

async function zip64Directory(file: Blob, tail: DataView, end: number): Promise<ZipDirectory | null> {
  if (end < 20 || tail.getUint32(end - 20, true) !== end64Locator) return null
  const at = Number(tail.getBigUint64(end - 12, true))
  const view = await viewOf(file.slice(at, at + 56))
  if (view.byteLength < 56 || view.getUint32(0, true) !== end64Record) return null
  return {
    count: Number(view.getBigUint64(32, true)),
    length: Number(view.getBigUint64(40, true)),
    offset: Number(view.getBigUint64(48, true)),
  }
}

/** The header at this place of a view into the directory; null where the view ends before it; throws where none is. */
export function readZipHeader(
  view: DataView,
  at: number,
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
  // Zip64: an extra field holds those, in this order, that do not fit into 32 bits.
  for (
    let extra = at + 46 + nameLength;
    extra + 4 <= extraEnd;
    extra += 4 + view.getUint16(extra + 2, true)
  ) {
    if (view.getUint16(extra, true) !== 1) continue
    let field = extra + 4
    for (const key of ['unpacked', 'packed', 'offset'] as const) {
      if (sizes[key] !== 0xffffffff) continue
      sizes[key] = Number(view.getBigUint64(field, true))
      field += 8
    }
  }
  const name = new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + at + 46, nameLength)
  return {
    path: nameOf(name, (flags & 0x800) !== 0).replaceAll('\\', '/'),
    method: view.getUint16(at + 10, true),
    encrypted: (flags & 1) === 1,
    ...sizes,
    next,
  }
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
  if (isUtf8) return lenient.decode(bytes)
  try {
    return strict.decode(bytes)
  } catch {
    return Array.from(bytes, (byte) => (byte < 128 ? String.fromCharCode(byte) : cp437[byte - 128]!)).join('')
  }
}

/** Code page 437, its upper half. */
const cp437 = [
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»',
  '░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀',
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00A0',
].join('')
