/** @file Lists a piece of a zip archive from its central directory. */
import { appError } from '../../core/errors.ts'
import type { ArchiveCursor, ArchivePiece } from './archivePiece.ts'
import { overlap } from './overlap.ts'
import { filesPerPiece, PieceBuilder } from './pieceBuilder.ts'
import { findZipDirectory } from './zipDirectory.ts'
import { readZipHeader, viewOf, type ZipHeader } from './zipHeader.ts'

/** Holds some ten thousand headers; one header takes at most 200 kB. */
const windowBytes = 4e6

/**
 * Lists entries of any compression; reading an entry reports one that cannot be unpacked. Throws `archive/damaged` and
 * `archive/encrypted`.
 */
export async function listZip(
  file: Blob,
  label: string,
  cursor: ArchiveCursor | null,
): Promise<ArchivePiece> {
  const damaged = (reason: string): Error => appError('archive/damaged', { file: label, reason })
  const { at: start, end, before } = cursor ?? (await extent(file, damaged))
  const view = await viewOf(file.slice(start, Math.min(end, start + windowBytes)))
  const piece = new PieceBuilder()
  const headers: ZipHeader[] = []
  let at = 0
  while (start + at < end && piece.count < filesPerPiece) {
    const header = readZipHeader(view, at, before, damaged)
    if (!header) break
    if (header.encrypted) throw appError('archive/encrypted', { file: label })
    headers.push(header)
    if (!header.path.endsWith('/'))
      piece.add(header.path, header.offset, header.packed, header.unpacked, header.method)
    at = header.next
  }
  if (at === 0 && start < end) throw damaged('its list of entries is broken')
  if (overlap(headers)) throw damaged('its entries lie on top of one another')
  return piece.build('zip', start + at < end ? { at: start + at, end, before } : null)
}

async function extent(file: Blob, damaged: (reason: string) => Error): Promise<ArchiveCursor> {
  const { offset, length, before } = await findZipDirectory(file, damaged)
  return { at: offset, end: offset + length, before }
}
