/**
 * @file Lists the files of a `.zip` or `.tar` a piece at a time, as compact arrays; nothing is unpacked. The caller
 * asks for the next piece with the cursor of the last one, so it can show the progress, and stops by not asking again.
 */
import { appError } from '../../core/errors.ts'
import { beginsAs, packers } from '../../core/signatures.ts'
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
  const kind = packers.find((packer) => beginsAs(head, packer))
  if (kind) throw appError('archive/packed', { file: label, kind })
  // Archives that unpack themselves begin with a program, so only their end tells.
  if (!isTar(head) && (await isZipFile(file))) return listZip(file, label, cursor)
  return listTar(file, label, cursor)
}
