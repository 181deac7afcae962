/**
 * @file The dropped files as a set that formats search by content: archives are opened, junk that systems add is left
 * out, and JSON is parsed. Only first bytes, JSON and what a format asks for are unpacked or read, so that a
 * folder of pictures, large archives or an entry that unpacks to gigabytes cost nothing.
 */
import { AppError, messageOf } from '../../../core/errors.ts'
import { isSystemFile, looksLikeImage } from '../../../core/images/fileKinds.ts'
import { parseJson } from '../../../core/parseJson.ts'
import { looksLikePart } from '../../../core/model/formats.ts'
import { readZip } from '../../archives/zip.ts'
import { isZip, isZipFile } from '../../archives/zipDirectory.ts'
import { hdf5HeadBytes, isHdf5 } from './hdf5Signature.ts'

/** A file with its path in the dropped folder, or its name. */
export interface ModelFile {
  readonly path: string
  readonly file: File
}

/** A file that formats look at. */
export interface Candidate {
  /** The path from the top of the folder or archive, with `/`. */
  readonly path: string
  /** The file that the user has dropped: the archive that it lies in, or the file itself. */
  readonly label: string
  /** The first bytes. */
  readonly head: Uint8Array
  readonly isHdf5: boolean
  /** What it is if PyTorch has packed it, by the names of what is packed; null for all else. */
  readonly torch: TorchArchive | null
  /** The parsed text if it is JSON, else undefined. */
  readonly json: unknown
  /** Why a file that begins as JSON is none. */
  readonly jsonProblem: string | null
  /** The whole file; a compressed one is unpacked once, at the first call. Throws `model/damaged`. */
  content(): Promise<Blob>
}

/** What PyTorch packs into archives: by `torch.save`, `torch.jit.save` and `torch.export.save`. */
export type TorchArchive = 'saved' | 'script' | 'exported'

/** Shallow files first, then by path. */
export type ModelFiles = readonly Candidate[]

export interface FoundFiles {
  readonly candidates: ModelFiles
  /** The number of files that are pictures by their names; they are left out. */
  readonly pictures: number
  /** The error of the first archive or entry that cannot be read; it matters if something is missing. */
  readonly problem: AppError | null
}

/** How deep archives may lie in archives: a `.keras` in a zip. */
const deepest = 3
/** The architecture of the largest networks takes some megabytes. */
const largestJson = 256e6
/**
 * What is compressed has to be unpacked whole to be searched: archives in archives, and JSON. Models that are zipped twice
 * are smaller than this, all of it together.
 */
const mostSearched = 1e9
/** Models have some hundred shards at most; of more files only those with the most telling names are looked at. */
const mostFiles = 1000

/** A file, or an entry of an archive, that has not been looked into yet. */
interface Unread {
  readonly path: string
  readonly label: string
  readonly size: number
  /** Whether its content is there without unpacking. */
  readonly isStored: boolean
  head(bytes: number): Promise<Uint8Array>
  content(): Promise<Blob>
}

export async function readModelFiles(files: readonly ModelFile[]): Promise<FoundFiles> {
  const search = new Search()
  const loose = files.map(({ path, file }) => looseFile(path, file))
  // A single file is meant as a model, whatever it is called.
  await (loose.length === 1 ? search.look(loose[0]!, 0) : search.collect(loose, 0))
  const depth = ({ path }: Candidate): number => path.split('/').length
  return {
    candidates: search.candidates.toSorted((a, b) => depth(a) - depth(b) || (a.path < b.path ? -1 : 1)),
    pictures: search.pictures,
    problem: search.problem,
  }
}

function looseFile(path: string, file: File): Unread {
  return {
    path,
    label: file.name,
    size: file.size,
    isStored: true,
    head: async (bytes) => new Uint8Array(await file.slice(0, bytes).arrayBuffer()),
    content: () => Promise.resolve(file),
  }
}

class Search {
  readonly candidates: Candidate[] = []
  pictures = 0
  problem: AppError | null = null
  #left = mostFiles
  /** Bytes that may yet be unpacked to search them. */
  #room = mostSearched

  /** Collects the files that may be parts of a model; `depth` counts the archives around them. */
  async collect(files: readonly Unread[], depth: number): Promise<void> {
    const pictures = files.filter(({ path }) => looksLikeImage(path))
    this.pictures += pictures.length
    const others = files.filter(({ path }) => !isSystemFile(path) && !looksLikeImage(path))
    const rank = ({ path }: Unread): number => (looksLikePart(path) ? 0 : 1e6) + path.split('/').length
    const chosen = others.length > this.#left ? others.toSorted((a, b) => rank(a) - rank(b)) : others
    for (const file of chosen.slice(0, this.#left)) await this.look(file, depth)
  }

  async look(file: Unread, depth: number): Promise<void> {
    const { path, label } = file
    this.#left--
    const head = await this.#headOf(file)
    if (!head) return
    let torch: TorchArchive | null = null
    if (depth < deepest && !isNumpy(file) && (await isArchive(file, head)) && this.#hasRoom(file)) {
      const entries = await this.#entriesOf(file)
      if (!entries) return
      torch = torchArchive(entries)
      if (torch === null) return this.collect(entries, depth + 1)
    }
    const json = await this.#tried(() => parsed(file, head, () => this.#hasRoom(file)))
    if (!json) return
    let content: Promise<Blob> | null = null
    this.candidates.push({
      path,
      label,
      head,
      isHdf5: isHdf5(head),
      torch,
      ...json,
      content: () => (content ??= file.content()),
    })
  }

  #headOf(file: Unread): Promise<Uint8Array | null> {
    return this.#tried(() => file.head(hdf5HeadBytes))
  }

  #entriesOf({ label, content }: Unread): Promise<readonly Unread[] | null> {
    return this.#tried(async () => {
      const entries = await readZip(await content(), label)
      return entries.map((entry) => ({ ...entry, label, content: () => entry.blob() }))
    })
  }

  /** Whether the file may be unpacked; then it is counted. */
  #hasRoom({ size, isStored }: Unread): boolean {
    if (isStored) return true
    if (size > this.#room) return false
    this.#room -= size
    return true
  }

  /** Is null if it cannot be read. */
  async #tried<T>(read: () => Promise<T>): Promise<T | null> {
    try {
      return await read()
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      this.problem ??= error
      return null
    }
  }
}

/** Whether it is an archive of NumPy, which is named as a whole. */
function isNumpy({ path }: Unread): boolean {
  return /\.npz$/i.test(path)
}

/** A zip may begin behind something else, as in a file that unpacks itself; it is searched for only if the name promises one. */
async function isArchive({ path, isStored, content }: Unread, head: Uint8Array): Promise<boolean> {
  if (isZip(head)) return true
  return isStored && !isHdf5(head) && /\.(keras|zip)$/i.test(path) && (await isZipFile(await content()))
}

/** Files of PyTorch are archives too, and are named as a whole. */
function torchArchive(entries: readonly Unread[]): TorchArchive | null {
  const holds = (name: RegExp): boolean => entries.some(({ path }) => name.test(path))
  if (holds(/(^|\/)archive_format$/)) return 'exported'
  if (holds(/(^|\/)constants\.pkl$/)) return 'script'
  return holds(/(^|\/)data\.pkl$/) ? 'saved' : null
}

async function parsed(
  { path, size, content }: Unread,
  head: Uint8Array,
  hasRoom: () => boolean,
): Promise<Pick<Candidate, 'json' | 'jsonProblem'>> {
  // A byte order mark may come first.
  const beginsAsJson = /^(\u00EF\u00BB\u00BF)?\s*[{[]/.test(String.fromCharCode(...head.subarray(0, 64)))
  const isMeant = beginsAsJson && (/\.json$/i.test(path) || isText(head))
  if (!isMeant || size > largestJson || !hasRoom()) return { json: undefined, jsonProblem: null }
  try {
    return { json: parseJson(await (await content()).text()), jsonProblem: null }
  } catch (error) {
    if (error instanceof AppError) throw error
    return { json: undefined, jsonProblem: messageOf(error) }
  }
}

/** Binary data may begin with a brace as well; text has no control characters, and is UTF-8. */
function isText(head: Uint8Array): boolean {
  if (head.some((byte) => byte < 0x20 && ![0x09, 0x0a, 0x0c, 0x0d].includes(byte))) return false
  try {
    // The last character may be cut off.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return true
  } catch {
    return false
  }
}

/** The folder, with a `/` at its end; empty at the top. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/') + 1)
}
