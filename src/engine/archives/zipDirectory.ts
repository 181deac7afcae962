/** @file Finds the central directory at the end of a zip archive (PKWARE APPNOTE 4.3), zip64 included. */
import { directoryEntry, viewOf } from './zipHeader.ts'

/**
 * Whether a file begins with an entry, with the end of an empty archive, or with the mark of several parts (`PK\7\8`,
 * `PK00`).
 */
export function isZip(head: Uint8Array): boolean {
  const [p, k, first, second] = head
  const isMark = (first === 3 || first === 5 || first === 7) && second === first + 1
  return p === 0x50 && k === 0x4b && (isMark || (first === 0x30 && second === 0x30))
}

/** Also recognizes a zip by its end, if something else comes before it: a program that unpacks itself. */
export async function isZipFile(file: Blob): Promise<boolean> {
  if (isZip(new Uint8Array(await file.slice(0, 4).arrayBuffer()))) return true
  return findZipDirectory(file, () => new Error('none')).then(
    () => true,
    () => false,
  )
}

export interface ZipDirectory {
  /** The number of entries. */
  readonly count: number
  /** Byte offset in the file. */
  readonly offset: number
  readonly length: number
  /** The number of bytes before the archive, which its own offsets do not count. */
  readonly before: number
}

const endRecord = 0x06054b50
const end64Record = 0x06064b50
const end64Locator = 0x07064b50
/** The bytes of the record, a comment of at most 64 kB, and zip64's locator before the record. */
const tailBytes = 22 + 0xffff + 20

/** The bytes of the record at the end, without its comment. */
const endBytes = 22

/** `damaged` makes the error that is thrown if there is no directory, or if it lies beyond the end. */
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
    // The directory ends where the record begins, unless something was put in between.
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

function tailOf(file: Blob): Promise<DataView> {
  return viewOf(file.slice(Math.max(0, file.size - tailBytes)))
}

/**
 * Offsets that may be those of the end record, the likeliest first, as a comment may contain the signature too. Records
 * that count entries come before records that count none, and those whose comment ends the file before others.
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

/** What the end record says. */
interface EndRecord {
  /** The record's offset in the file; the directory lies before it. */
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
  // The record usually lies right before its locator; otherwise the locator says where.
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
