/**
 * @file What lies in a `.zip` or `.tar`, a piece at a time, as compact arrays; nothing is unpacked. The caller asks for
 * the next piece by the cursor of the one before, so a listing shows its progress and is stopped by not asking on.
 */
import { appError } from '../../core/errors.ts'
import { isTar, listTar, tarBlock } from './listTar.ts'
import { listZip } from './listZip.ts'
import { isZip, isZipFile } from './zipDirectory.ts'

/** Where to go on, and what lies before the archive in its file, in bytes; null for the beginning. */
export type ArchiveCursor = Readonly<Record<'at' | 'end' | 'before', number>>

export interface ArchiveLink {
  readonly path: string
  /** Of a `hard` one from the top of the archive, of a `symbolic` one from its own directory. */
  readonly kind: 'hard' | 'symbolic'
  readonly target: string
  /** Files of the piece that come before it. */
  readonly before: number
}

export interface LeftOut {
  readonly path: string
  /** What it is instead of a file, in words. */
  readonly why: string
}

/** Row for row, but for links and what is left out. */
export interface ArchivePiece {
  readonly method: 'stored' | 'zip'
  /** With `/`, joined by NUL; directories are left out. */
  readonly paths: string
  /** Of the content (tar), or of the entry's local header (zip). */
  readonly offsets: Float64Array
  /** Bytes in the archive, and unpacked. */
  readonly packed: Float64Array
  readonly bytes: Float64Array
  /** Zip's compression methods; empty for tar. */
  readonly compression: Uint16Array
  /** Tar's other names of files; of any place in the archive. */
  readonly links: readonly ArchiveLink[]
  /** Files that cannot be read out of it. */
  readonly leftOut: readonly LeftOut[]
  /** Null: that was all. */
  readonly next: ArchiveCursor | null
}

/** `label` is the file's name. Throws `archive/…`. */
export async function listArchive(
  file: Blob,
  label: string,
  cursor: ArchiveCursor | null,
): Promise<ArchivePiece> {
  const head = new Uint8Array(await file.slice(0, tarBlock).arrayBuffer())
  if (isZip(head)) return listZip(file, label, cursor)
  const other = others.find(({ magic }) => magic.every((byte, i) => head[i] === byte))
  if (other) throw appError('archive/packed', { file: label, kind: other.kind })
  // By its end: programs that unpack themselves begin otherwise.
  if (!isTar(head) && (await isZipFile(file))) return listZip(file, label, cursor)
  return listTar(file, label, cursor)
}

/** Their files can only be reached by unpacking all that comes before. */
const others: readonly { readonly kind: string; readonly magic: readonly number[] }[] = [
  { kind: 'gzip', magic: [0x1f, 0x8b] },
  { kind: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { kind: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a] },
  { kind: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd] },
  { kind: '7z', magic: [0x37, 0x7a, 0xbc, 0xaf] },
  { kind: 'RAR', magic: [0x52, 0x61, 0x72, 0x21] },
]
