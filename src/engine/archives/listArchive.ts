/**
 * @file What lies in a `.zip` or `.tar`, a piece at a time, as compact arrays; nothing is unpacked. The caller asks for
 * the next piece by the cursor of the one before, so a listing shows its progress and is stopped by not asking on.
 */
import { appError } from '../../core/errors.ts'
import type { ArchiveCursor, ArchivePiece } from './archivePiece.ts'
import { isTar, listTar, tarBlock } from './listTar.ts'
import { listZip } from './listZip.ts'
import { isZip, isZipFile } from './zipDirectory.ts'

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
