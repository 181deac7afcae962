/** @file The images a user has opened: files or addresses, the table made of them, and how it can be made anew. */
import { appError } from '../core/errors.ts'
import {
  type ImageTable,
  indexCandidates,
  looksLikeImage,
  tableOfFolder,
  tableOfIndex,
} from '../core/images/imageTable.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'

/** A file with its path relative to the image folder, `/` as separator. */
export interface FolderEntry {
  readonly path: string
  readonly handle: ImageHandle
}

export interface ImageSet {
  readonly name: string
  readonly table: ImageTable
  readonly entries: ReadonlyMap<string, ImageHandle>
  /** Throws `images/unreadable` where it has gone. */
  handleOf(image: number): Promise<ImageHandle>
  /** Files that are neither image nor index, as `Thumbs.db`. */
  readonly otherFiles: number
  /** Names of the text files that could be an index. */
  readonly indexCandidates: readonly string[]
}

/** `auto`: the first text file at the top that names images; `none`; or rows of a file from anywhere. */
export type IndexChoice =
  'auto' | 'none' | { readonly name: string } | { readonly name: string; readonly file: Blob }

type ReadIndex = (file: Blob) => Promise<string[][]>

/** Throws `images/none`, `images/index-empty` and `images/index-missing`. */
export async function makeImageSet(
  name: string,
  entries: ReadonlyMap<string, ImageHandle>,
  choice: IndexChoice,
  readIndex: ReadIndex,
): Promise<ImageSet> {
  const paths = [...entries.keys()]
  const images = paths.filter(looksLikeImage).length
  if (images === 0) throw appError('images/none', { folder: name })
  const candidates = indexCandidates(paths)
  const table = await chooseTable(name, entries, paths, candidates, choice, readIndex)
  return {
    name,
    table,
    entries,
    handleOf: (image) => Promise.resolve(entries.get(table.paths[image]!)!),
    otherFiles: paths.length - images - candidates.length,
    indexCandidates: candidates,
  }
}

async function chooseTable(
  folder: string,
  entries: ReadonlyMap<string, ImageHandle>,
  paths: readonly string[],
  candidates: readonly string[],
  choice: IndexChoice,
  readIndex: ReadIndex,
): Promise<ImageTable> {
  if (choice === 'none') return tableOfFolder(paths)
  if (choice === 'auto') {
    for (const name of candidates) {
      const table = tableOfIndex(paths, await readIndex(entries.get(name) as Blob), name)
      if (table) return table
    }
    return tableOfFolder(paths)
  }
  const file = 'file' in choice ? choice.file : entries.get(choice.name)
  if (!(file instanceof Blob)) throw appError('images/index-missing', { index: choice.name, folder })
  const table = tableOfIndex(paths, await readIndex(file), choice.name)
  if (!table) throw appError('images/index-empty', { index: choice.name })
  return table
}

/** What tells one set of images from another: paths and sizes, in order of the paths. */
export function fingerprintLines({ table, entries }: ImageSet): string[] {
  return table.paths.map((path) => {
    const handle = entries.get(path)
    return `${path}\t${handle instanceof Blob ? handle.size : ''}`
  })
}
