/**
 * @file A `.zip` or `.tar`; its files are read from it when they are needed. It is listed in the gallery's worker, a
 * piece at a time. If everything lies in a single folder, that is left out, so that an archive of a folder is the
 * folder.
 */
import { clauseError } from '../../../core/errors.ts'
import { fileKind } from '../../../core/images/fileKinds.ts'
import type { Files } from '../../../engine/files/files.ts'
import type {
  ArchiveCursor,
  ArchiveLink,
  ArchivePiece,
  LeftOut,
} from '../../../engine/archives/archivePiece.ts'
import type { ArchivedFile } from '../../../engine/images/imageHandle.ts'
import type { Remote } from '../../../rpc/remote.ts'
import { breather } from '../../timing/breather.ts'
import type { ImageSource } from '../imageSource.ts'

export type Lister = Pick<Remote<Files>, 'listArchive' | 'listDataset'>

/** So many paths are sorted out in a few milliseconds. */
const pathsPerPiece = 1000

const archiveEnding = /\.(zip|tar|t?gz|tar\.\w+|tbz2?|bz2|txz|xz|zst|7z|rar)$/i

/** Decides by the ending. Archives that cannot be read are included: opening them says so. */
export function looksLikeArchive(name: string): boolean {
  return archiveEnding.test(name)
}

/** `lister` returns the gallery, which may be another worker the next time. */
export function archiveSource(file: Blob, name: string, lister: () => Lister): ImageSource {
  let listing = new Listing(file)
  return {
    name,
    async *list(signal, onFound) {
      listing = new Listing(file)
      const breathe = breather()
      let cursor: ArchiveCursor | null = null
      do {
        signal.throwIfAborted()
        const piece: ArchivePiece = await lister().listArchive(file, name, cursor)
        const latest = listing.add(piece)
        if (latest !== null) onFound?.(listing.count, latest)
        cursor = piece.next
        await breathe()
      } while (cursor)
      listing.resolveLinks()
      yield* listing.paths()
    },
    open: (path) => listing.open(path),
    leftOut: () => listing.leftOut,
  }
}

class Listing {
  readonly #archive: Blob
  readonly #pieces: ArchivePiece[] = []
  /** The row in the whole list by path. If two files have one path, the later one counts, as when it is unpacked. */
  readonly #rowOf = new Map<string, number>()
  readonly #starts: number[] = []
  /** By path. */
  readonly #links = new Map<string, ArchiveLink>()
  readonly #leftOut: LeftOut[] = []
  /** The number of rows in the pieces so far. */
  #rows = 0
  /** The folder that all files lie in; undefined until there is a file; null if there is none. */
  #top: string | null | undefined = undefined

  constructor(archive: Blob) {
    this.#archive = archive
  }

  get count(): number {
    return this.#rowOf.size
  }

  /** Returns the latest path; null if the piece is empty. */
  add(piece: ArchivePiece): string | null {
    this.#starts.push(this.#rows)
    this.#pieces.push({ ...piece, paths: '' })
    const paths = piece.paths === '' ? [] : piece.paths.split('\0')
    for (const path of paths) {
      this.#rowOf.set(path, this.#rows++)
      this.#links.delete(path)
      this.#noteTop(path)
    }
    // A later file of the same name takes its place.
    for (const link of piece.links)
      if ((this.#rowOf.get(link.path) ?? -1) < this.#starts.at(-1)! + link.before)
        this.#links.set(link.path, link)
    this.#leftOut.push(...piece.leftOut.filter(({ path }) => isWanted(path)))
    return paths.at(-1) ?? null
  }

  /** Files that could be an image or an index and cannot be read. */
  get leftOut(): readonly LeftOut[] {
    return this.#leftOut.map(({ path, why }) => ({ path: this.#inFolder(path), why }))
  }

  /** Files that systems leave behind lie beside the folder. */
  #noteTop(path: string): void {
    if (fileKind(path) === 'hidden') return
    const top = path.slice(0, path.indexOf('/') + 1)
    this.#top = this.#top === undefined ? top : this.#top === top ? top : null
  }

  /** To be called when all files are known: links are other names of files of the archive. */
  resolveLinks(): void {
    const links = [...this.#links.values()]
    const rows = links.map((link) => this.#rowBehind(link))
    let directories: ReadonlySet<string> | null = null
    for (const [i, link] of links.entries()) {
      const row = rows[i]
      if (row !== undefined) {
        this.#rowOf.set(link.path, row)
        this.#noteTop(link.path)
      } else if (isWanted(link.path)) this.#leftOut.push({ path: link.path, why: whyLost(link) })
      else {
        directories ??= directoriesOf(this.#rowOf.keys())
        if (directories.has(targetOf(link)))
          this.#leftOut.push({ path: link.path, why: 'a link to a folder' })
      }
    }
  }

  /** Follows links to links. */
  #rowBehind(link: ArchiveLink): number | undefined {
    const seen = new Set<ArchiveLink>()
    for (let next: ArchiveLink | undefined = link; next && !seen.has(next);) {
      seen.add(next)
      const target = targetOf(next)
      next = this.#links.get(target)
      if (!next) return this.#rowOf.get(target)
    }
    return undefined
  }

  *paths(): Generator<string[]> {
    let piece: string[] = []
    for (const path of this.#rowOf.keys()) {
      piece.push(this.#inFolder(path))
      if (piece.length < pathsPerPiece) continue
      yield piece
      piece = []
    }
    yield piece
  }

  open(path: string): ArchivedFile {
    const row = this.#rowOf.get(this.#prefix + path) ?? this.#rowOf.get(path)
    if (row === undefined) throw clauseError('images/unreadable', { reason: 'it is not in the archive' })
    const at = this.#starts.findLastIndex((start) => start <= row)
    const { method, offsets, packed, bytes, compression } = this.#pieces[at]!
    const i = row - this.#starts[at]!
    return {
      kind: 'archived',
      archive: this.#archive,
      method,
      offset: offsets[i]!,
      packed: packed[i]!,
      bytes: bytes[i]!,
      ...(method === 'zip' ? { compression: compression[i]! } : {}),
    }
  }

  #inFolder(path: string): string {
    return path.startsWith(this.#prefix) ? path.slice(this.#prefix.length) : path
  }

  get #prefix(): string {
    return this.#top ?? ''
  }
}

function isWanted(path: string): boolean {
  const kind = fileKind(path)
  return kind === 'image' || kind === 'index'
}

function whyLost({ target }: ArchiveLink): string {
  return `a link to ${target}, which is not in the archive`
}

/** The path from the top of the archive; empty if it leads out of it. */
function targetOf({ path, kind, target }: ArchiveLink): string {
  if (kind === 'hard') return target
  if (target.startsWith('/')) return ''
  const parts = path.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return ''
  }
  return parts.join('/')
}

function directoriesOf(paths: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>()
  for (const path of paths)
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      const directory = path.slice(0, end)
      if (found.has(directory)) break
      found.add(directory)
    }
  return found
}
