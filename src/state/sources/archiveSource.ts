/**
 * @file A `.zip` or `.tar`, whose files are found in it when they are needed. It is listed in the gallery's worker, a
 * piece at a time. A single folder that everything lies in is left away, so that an archive of a folder is the folder.
 */
import { clauseError } from '../../core/errors.ts'
import { fileKind } from '../../core/images/fileKinds.ts'
import type { Gallery } from '../../engine/gallery.ts'
import type { ArchiveCursor, ArchivePiece } from '../../engine/archives/listArchive.ts'
import type { ArchivedFile } from '../../engine/images/imageHandle.ts'
import type { Remote } from '../../rpc/remote.ts'
import { breather } from '../breather.ts'
import type { ImageSource } from '../imageSource.ts'

export type Lister = Pick<Remote<Gallery>, 'listArchive' | 'listDataset'>

/** Sorted out in a few milliseconds. */
const pathsPerPiece = 1000

const archiveEnding = /\.(zip|tar|t?gz|tar\.\w+|tbz2?|bz2|txz|xz|zst|7z|rar)$/i

/** By its ending; also those that cannot be read, which are told when they are opened. */
export function looksLikeArchive(name: string): boolean {
  return archiveEnding.test(name)
}

/** `lister`: the gallery, which may be another one the next time. */
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
      yield* listing.paths()
    },
    open: (path) => listing.open(path),
  }
}

class Listing {
  readonly #archive: Blob
  readonly #pieces: ArchivePiece[] = []
  /** Row of the whole list by path; of two files of one path the later one counts, as when it is unpacked. */
  readonly #rowOf = new Map<string, number>()
  readonly #starts: number[] = []
  /** Of the pieces so far. */
  #rows = 0
  /** Undefined until there is a file; null where there is no folder that all lie in. */
  #top: string | null | undefined = undefined

  constructor(archive: Blob) {
    this.#archive = archive
  }

  get count(): number {
    return this.#rowOf.size
  }

  /** The latest path; null where the piece is empty. */
  add(piece: ArchivePiece): string | null {
    this.#starts.push(this.#rows)
    this.#pieces.push({ ...piece, paths: '' })
    const paths = piece.paths === '' ? [] : piece.paths.split('\0')
    for (const path of paths) {
      this.#rowOf.set(path, this.#rows++)
      // What systems leave behind lies beside the folder.
      if (fileKind(path) === 'hidden') continue
      const top = path.slice(0, path.indexOf('/') + 1)
      this.#top = this.#top === undefined ? top : this.#top === top ? top : null
    }
    return paths.at(-1) ?? null
  }

  *paths(): Generator<string[]> {
    const prefix = this.#prefix
    let piece: string[] = []
    for (const path of this.#rowOf.keys()) {
      piece.push(path.startsWith(prefix) ? path.slice(prefix.length) : path)
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

  get #prefix(): string {
    return this.#top ?? ''
  }
}
