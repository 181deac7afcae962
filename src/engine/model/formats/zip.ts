/**
 * @file Entries of a zip archive by its central directory (PKWARE APPNOTE 4.3): stored ones are slices of the file,
 * without a copy; deflated ones are inflated when asked for.
 */
import { appError } from '../../../core/errors.ts'

export interface ZipEntry {
  /** With `/`, also where Windows wrote back-slashes. */
  readonly path: string
  blob(): Promise<Blob>
}

export function isZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2]! + 1
}

const endRecord = 0x06054b50
const end64Record = 0x06064b50
const end64Locator = 0x07064b50
const directoryEntry = 0x02014b50
/** The record, a comment of at most 64 kB, and the locator of zip64 before. */
const tailBytes = 22 + 0xffff + 20

/** Directories are left out. `label` is for messages. Throws `model/damaged`. */
export async function readZip(file: Blob, label: string): Promise<ZipEntry[]> {
  const damaged = (reason: string): Error => appError('model/damaged', { file: label, reason })
  const view = await viewOf(file.slice(Math.max(0, file.size - tailBytes)))
  const end = lastRecord(view)
  if (end === null) throw damaged('the list at its end is missing, so it has been cut off')
  const { count, offset, length } = (await zip64Directory(file, view, end)) ?? {
    count: view.getUint16(end + 10, true),
    offset: view.getUint32(end + 16, true),
    length: view.getUint32(end + 12, true),
  }
  if (offset + length > file.size) throw damaged('its list of entries lies beyond its end')
  const directory = await viewOf(file.slice(offset, offset + length))
  const entries: ZipEntry[] = []
  for (let at = 0, n = 0; n < count; n++) {
    if (at + 46 > length || directory.getUint32(at, true) !== directoryEntry)
      throw damaged('its list of entries is broken')
    const header = entryHeader(directory, at)
    if (header.encrypted) throw damaged('it is protected with a password')
    if (!header.path.endsWith('/'))
      entries.push({ path: header.path, blob: () => contentOf(file, header, damaged) })
    at = header.next
  }
  return entries
}

async function viewOf(part: Blob): Promise<DataView> {
  return new DataView(await part.arrayBuffer())
}

function lastRecord(view: DataView): number | null {
  for (let at = view.byteLength - 22; at >= 0; at--) if (view.getUint32(at, true) === endRecord) return at
  return null
}

async function zip64Directory(file: Blob, tail: DataView, end: number) {
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

interface EntryHeader {
  readonly path: string
  readonly method: number
  readonly encrypted: boolean
  readonly packed: number
  readonly offset: number
  /** Where the next one begins. */
  readonly next: number
}

function entryHeader(view: DataView, at: number): EntryHeader {
  const nameLength = view.getUint16(at + 28, true)
  const extraLength = view.getUint16(at + 30, true)
  const name = new Uint8Array(view.buffer, view.byteOffset + at + 46, nameLength)
  const sizes = {
    unpacked: view.getUint32(at + 24, true),
    packed: view.getUint32(at + 20, true),
    offset: view.getUint32(at + 42, true),
  }
  // Zip64: an extra field holds those, in this order, that do not fit into 32 bits.
  const extraEnd = at + 46 + nameLength + extraLength
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
  return {
    path: new TextDecoder().decode(name).replaceAll('\\', '/'),
    method: view.getUint16(at + 10, true),
    encrypted: (view.getUint16(at + 8, true) & 1) === 1,
    packed: sizes.packed,
    offset: sizes.offset,
    next: extraEnd + view.getUint16(at + 32, true),
  }
}

async function contentOf(
  file: Blob,
  { path, method, packed, offset }: EntryHeader,
  damaged: (reason: string) => Error,
): Promise<Blob> {
  const local = await viewOf(file.slice(offset, offset + 30))
  if (local.byteLength < 30) throw damaged(`${path} lies beyond its end`)
  const start = offset + 30 + local.getUint16(26, true) + local.getUint16(28, true)
  if (start + packed > file.size) throw damaged(`${path} lies beyond its end`)
  const content = file.slice(start, start + packed)
  if (method === 0) return content
  if (method !== 8) throw damaged(`${path} is packed with method ${method}, which cannot be read`)
  try {
    return await new Response(content.stream().pipeThrough(new DecompressionStream('deflate-raw'))).blob()
  } catch {
    throw damaged(`${path} cannot be unpacked`)
  }
}
