/**
 * @file Reads all entries of a zip archive at once. Stored ones are slices of the file, without a copy; deflated ones
 * are inflated on request, whole or only their beginning. This is for models; `listArchive` lists folders of images,
 * which are large.
 */
import { appError } from '../../core/errors.ts'
import { withoutControls } from '../../core/paths.ts'
import { formatBytes } from '../../core/estimates.ts'
import { overlap } from './overlap.ts'
import { findZipDirectory } from './zipDirectory.ts'
import { readZipHeader, readZipLocalHeader, viewOf, type ZipHeader } from './zipHeader.ts'

export interface ZipEntry {
  /** The path with `/`, even if Windows wrote back-slashes. */
  readonly path: string
  /** The size of the content in bytes, as the archive's directory says. */
  readonly size: number
  /** Whether the content is not compressed. */
  readonly isStored: boolean
  /** The content's first bytes. Throws `model/damaged`. */
  head(bytes: number): Promise<Uint8Array>
  /** The whole content. Throws `model/damaged`. */
  blob(): Promise<Blob>
}

/** Directories are left out. `label` is for messages. Throws `model/damaged`. */
export async function readZip(file: Blob, label: string): Promise<ZipEntry[]> {
  const damaged = (reason: string): Error => appError('model/damaged', { file: label, reason })
  const { count, offset, length, before } = await findZipDirectory(file, damaged)
  const directory = await viewOf(file.slice(offset, offset + length))
  const headers: ZipHeader[] = []
  for (let at = 0, n = 0; n < count; n++) {
    const header = readZipHeader(directory, at, before, damaged)
    if (!header) throw damaged('its list of entries is broken')
    if (header.encrypted) throw damaged('it is protected with a password')
    headers.push(header)
    at = header.next
  }
  if (overlap(headers)) throw damaged('its entries lie on top of one another')
  return headers.filter(({ path }) => !path.endsWith('/')).map((header) => entryOf(file, header, damaged))
}

/** More than memory holds of any model, and less than fills a disk. */
const mostUnpacked = 8e9

type Damaged = (reason: string) => Error

function entryOf(file: Blob, found: ZipHeader, damaged: Damaged): ZipEntry {
  const header = { ...found, path: withoutControls(found.path) }
  const { path, unpacked, method } = header
  return {
    path,
    size: unpacked,
    isStored: method === 0,
    head: async (bytes) => {
      const packed = await packedOf(file, header, damaged)
      if (method === 0) return new Uint8Array(await packed.slice(0, bytes).arrayBuffer())
      return beginning(inflated(packed, header, damaged), bytes)
    },
    blob: async () => {
      const packed = await packedOf(file, header, damaged)
      if (method === 0) return packed
      if (unpacked > mostUnpacked)
        throw damaged(`${path} unpacks to ${formatBytes(unpacked)}, more than a model takes`)
      return new Response(inflated(packed, header, damaged)).blob()
    },
  }
}

/** The content as it lies in the archive, packed or not. */
async function packedOf(
  file: Blob,
  { path, method, packed, offset }: ZipHeader,
  damaged: Damaged,
): Promise<Blob> {
  const start = (await readZipLocalHeader(file, offset))?.contentStart
  if (start === undefined || start + packed > file.size) throw damaged(`${path} lies beyond its end`)
  if (method !== 0 && method !== 8)
    throw damaged(`${path} is packed with method ${method}, which cannot be read`)
  return file.slice(start, start + packed)
}

/** Fails if the content is broken, or longer than the archive's directory says. */
function inflated(
  content: Blob,
  { path, unpacked }: ZipHeader,
  damaged: Damaged,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = content.stream().pipeThrough(new DecompressionStream('deflate-raw')).getReader()
  let size = 0
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        size += value?.length ?? 0
        if (size > unpacked) throw new Error('it goes on behind its end')
        if (done) controller.close()
        else controller.enqueue(value)
      } catch {
        controller.error(damaged(`${path} cannot be unpacked`))
      }
    },
    // What is wrong further on no longer matters.
    cancel: () => reader.cancel().catch(() => undefined),
  })
}

/** Reads the first bytes, and does not unpack the rest. */
async function beginning(stream: ReadableStream<Uint8Array>, bytes: number): Promise<Uint8Array> {
  const head = new Uint8Array(bytes)
  let length = 0
  const reader = stream.getReader()
  while (length < bytes) {
    const { done, value } = await reader.read()
    if (done) break
    head.set(value.subarray(0, bytes - length), length)
    length = Math.min(bytes, length + value.length)
  }
  await reader.cancel()
  return head.subarray(0, length)
}
