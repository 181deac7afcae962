/**
 * @file Entries of a zip archive, all at once: stored ones are slices of the file, without a copy; deflated ones are
 * inflated when asked for. For models; folders of images, which are large, are listed by `listArchive`.
 */
import { appError } from '../../core/errors.ts'
import {
  findZipDirectory,
  readZipHeader,
  readZipLocalHeader,
  viewOf,
  type ZipHeader,
} from './zipDirectory.ts'

export interface ZipEntry {
  /** With `/`, also where Windows wrote back-slashes. */
  readonly path: string
  blob(): Promise<Blob>
}

/** Directories are left out. `label` is for messages. Throws `model/damaged`. */
export async function readZip(file: Blob, label: string): Promise<ZipEntry[]> {
  const damaged = (reason: string): Error => appError('model/damaged', { file: label, reason })
  const { count, offset, length, before } = await findZipDirectory(file, damaged)
  const directory = await viewOf(file.slice(offset, offset + length))
  const entries: ZipEntry[] = []
  for (let at = 0, n = 0; n < count; n++) {
    const header = readZipHeader(directory, at, before, damaged)
    if (!header) throw damaged('its list of entries is broken')
    if (header.encrypted) throw damaged('it is protected with a password')
    if (!header.path.endsWith('/'))
      entries.push({ path: header.path, blob: () => contentOf(file, header, damaged) })
    at = header.next
  }
  return entries
}

async function contentOf(
  file: Blob,
  { path, method, packed, offset }: ZipHeader,
  damaged: (reason: string) => Error,
): Promise<Blob> {
  const start = (await readZipLocalHeader(file, offset))?.contentStart
  if (start === undefined || start + packed > file.size) throw damaged(`${path} lies beyond its end`)
  const content = file.slice(start, start + packed)
  if (method === 0) return content
  if (method !== 8) throw damaged(`${path} is packed with method ${method}, which cannot be read`)
  try {
    return await new Response(content.stream().pipeThrough(new DecompressionStream('deflate-raw'))).blob()
  } catch {
    throw damaged(`${path} cannot be unpacked`)
  }
}
