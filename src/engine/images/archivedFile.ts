/** @file Reads one file of an archive by random access: nothing but its own bytes. */
import { clauseError, messageOf } from '../../core/errors.ts'
import { readZipLocalHeader, zipLocalHeader } from '../archives/zipHeader.ts'
import type { FileRange } from './fileRange.ts'
import type { ArchivedFile } from './imageHandle.ts'

/** Larger files are no pictures; a few kilobytes that claim to unpack to more are a decompression bomb. */
const maxUnpackedBytes = 512 * 2 ** 20

/** Unpacked files up to this size stay bytes; larger ones become a blob, which need not lie in memory. */
const maxHeldBytes = 2 ** 20

/** `range`: the bytes from `offset` on, if they were read before. Throws `images/unreadable`. */
export async function readArchived(file: ArchivedFile, range: FileRange | null): Promise<Blob | FileRange> {
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
  return inflate(content, bytes)
}

async function contentStart(archive: Blob, offset: number, range: FileRange | null): Promise<number> {
  const header = range
    ? zipLocalHeader(new DataView(range.buffer, range.byteOffset, range.length), offset)
    : await readZipLocalHeader(archive, offset)
  if (!header?.isSigned) throw unreadable('the archive is damaged')
  if (header.encrypted) throw unreadable('it is encrypted; unpack the archive first')
  return header.contentStart
}

/** Stops as soon as the content is longer than the archive says. */
async function inflate(content: Blob | FileRange, bytes: number): Promise<Blob | FileRange> {
  const stream = content instanceof Blob ? content.stream() : new Response(content).body!
  const reader = stream.pipeThrough(new DecompressionStream('deflate-raw')).getReader()
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
  return bytes > maxHeldBytes ? new Blob(parts) : joined(parts, bytes)
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
