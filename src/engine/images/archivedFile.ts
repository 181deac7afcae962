/** @file One file out of an archive, by random access: nothing but its own bytes is read. */
import { appError, messageOf } from '../../core/errors.ts'
import { readZipLocalHeader } from '../archives/zipDirectory.ts'
import type { ArchivedFile } from './imageHandle.ts'

/** Larger files are no pictures; a few kilobytes that claim as much are a bomb. */
const maxUnpackedBytes = 512 * 2 ** 20

/** Throws `images/unreadable`. */
export async function readArchived(file: ArchivedFile): Promise<Blob> {
  const { archive, offset, packed, bytes, method, compression = 0 } = file
  if (bytes > maxUnpackedBytes)
    throw unreadable(`it unpacks to ${bytes.toLocaleString('en')} bytes, more than a picture takes`)
  const start = method === 'zip' ? await contentStart(archive, offset) : offset
  const content = archive.slice(start, start + packed)
  if (content.size < packed) throw unreadable('the archive is cut off')
  if (compression === 0) return content
  if (compression !== 8)
    throw unreadable(`its zip compression ${compression} is not known; pack it again with deflate`)
  return inflate(content, bytes)
}

async function contentStart(archive: Blob, offset: number): Promise<number> {
  const header = await readZipLocalHeader(archive, offset)
  if (!header?.isSigned) throw unreadable('the archive is damaged')
  if (header.encrypted) throw unreadable('it is encrypted; unpack the archive first')
  return header.contentStart
}

/** Stops as soon as more comes out than the archive says. */
async function inflate(content: Blob, bytes: number): Promise<Blob> {
  const reader = content.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const parts: Uint8Array<ArrayBuffer>[] = []
  let found = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      found += value.byteLength
      if (found > bytes) throw new Error('it unpacks to more than the archive says')
      parts.push(value)
    }
    if (found < bytes) throw new Error('it unpacks to less than the archive says')
  } catch (error) {
    await reader.cancel().catch(() => undefined)
    throw unreadable(messageOf(error))
  }
  return new Blob(parts)
}

function unreadable(reason: string): Error {
  return appError('images/unreadable', { reason })
}
