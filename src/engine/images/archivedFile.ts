/** @file Reads one file of an archive by random access: nothing but its own bytes. */
import { clauseError, isClause, messageOf } from '../../core/errors.ts'
import { readZipLocalHeader, zipLocalHeader } from '../archives/zipHeader.ts'
import type { FileRange } from './fileRange.ts'
import type { ArchivedFile } from './imageHandle.ts'

/** Larger files are no pictures; a few kilobytes that claim to unpack to more are a decompression bomb. */
const maxUnpackedBytes = 512 * 2 ** 20

/** Unpacked files up to this size stay bytes; larger ones become a blob, which need not lie in memory. */
const maxHeldBytes = 2 ** 20

/** So much of a larger one is unpacked before it goes into the blob. */
const mostAtOnce = 16 * 2 ** 20

/** The first bytes, by which kinds of files are told apart. */
const headBytes = 512

/**
 * `range`: the bytes from `offset` on, if they were read before. `checkHead` throws if the first bytes are not those of what is wanted;
 * then the rest is not unpacked. Throws `images/unreadable`.
 */
export async function readArchived(
  file: ArchivedFile,
  range: FileRange | null,
  checkHead: (head: DataView) => void = () => undefined,
): Promise<Blob | FileRange> {
  const { archive, offset, packed, bytes, method, compression = 0 } = file
  if (bytes > maxUnpackedBytes)
    throw unreadable(`it unpacks to ${bytes.toLocaleString('en')} bytes, more than a picture takes`)
  const start = method === 'zip' ? await contentStart(archive, offset, range) : offset
  const held = range?.subarray(start - offset, start - offset + packed)
  const content = held?.length === packed ? held : archive.slice(start, start + packed)
  if (content instanceof Blob && content.size < packed) throw unreadable('the archive is cut off')
  if (compression === 0) return content
  if (compression !== 8)
    throw unreadable(`its zip compression ${compression} is not known; pack it again with deflate`)
  return inflate(content, bytes, checkHead)
}

async function contentStart(archive: Blob, offset: number, range: FileRange | null): Promise<number> {
  const header = range
    ? zipLocalHeader(new DataView(range.buffer, range.byteOffset, range.length), offset)
    : await readZipLocalHeader(archive, offset)
  if (!header?.isSigned) throw unreadable('the archive is damaged')
  if (header.encrypted) throw unreadable('it is encrypted; unpack the archive first')
  return header.contentStart
}

/** Stops as soon as the content is longer than the archive says. Small files are left to who reads them. */
async function inflate(
  content: Blob | FileRange,
  bytes: number,
  checkHead: (head: DataView) => void,
): Promise<Blob | FileRange> {
  const stream = content instanceof Blob ? content.stream() : new Response(content).body!
  const reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  const isLarge = bytes > maxHeldBytes
  const blobs: Blob[] = []
  let parts: Uint8Array<ArrayBuffer>[] = []
  let [found, held] = [0, 0]
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      found += value.byteLength
      if (found > bytes) throw new Error('it unpacks to more than the archive says')
      parts.push(value)
      held += value.byteLength
      if (!isLarge) continue
      if (found >= headBytes && found - value.byteLength < headBytes)
        checkHead(new DataView(joined(parts, found).buffer, 0, headBytes))
      if (held < mostAtOnce) continue
      blobs.push(new Blob(parts))
      parts = []
      held = 0
    }
    if (found < bytes) throw new Error('it unpacks to less than the archive says')
  } catch (error) {
    await reader.cancel().catch(() => undefined)
    throw isClause(error) ? error : unreadable(messageOf(error))
  }
  return isLarge ? new Blob([...blobs, ...parts]) : joined(parts, bytes)
}

function joined(parts: readonly Uint8Array[], bytes: number): FileRange {
  const whole = new Uint8Array(bytes)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function unreadable(reason: string): Error {
  return clauseError('images/unreadable', { reason })
}
