/** @file The images a user has opened: where they come from, the table made of them, and how it can be made anew. */
import { shownText } from '../../core/shownText.ts'
import { appError, clauseError, finished } from '../../core/errors.ts'
import { beginningBytes, beginsAsPicture, fileKind, hasNoEnding } from '../../core/images/fileKinds.ts'
import {
  type ClassesFrom,
  type ImageTable,
  type IndexSettings,
  tableFromPlan,
} from '../../core/images/imageTable.ts'
import { directoryOf } from '../../core/paths.ts'
import type { LeftOut } from '../../engine/archives/archivePiece.ts'
import type { Files } from '../../engine/files/files.ts'
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import type { IndexFile, TableRequest } from '../../engine/files/makeTable.ts'
import type { Remote } from '../../rpc/remote.ts'
import { breather } from '../timing/breather.ts'
import { ImageSizes } from './imageSizes.ts'
import type { ImageSource } from './imageSource.ts'

/** All that a source holds. */
export interface FolderListing {
  readonly source: ImageSource
  /** Paths of images, in the order in which they were found. */
  readonly images: readonly string[]
  /** Names of the text files that could be an index, sorted. */
  readonly indexCandidates: readonly string[]
  /** The number of files that are neither image nor index. */
  readonly otherFiles: number
  /** The number of files that systems and programs keep for themselves, as `.DS_Store` and `Thumbs.db`. */
  readonly hiddenFiles: number
  /** Files that would be there if they could be read. */
  readonly leftOut: readonly LeftOut[]
}

export interface ImageSet extends Omit<FolderListing, 'images'> {
  readonly name: string
  readonly table: ImageTable
  readonly listing: FolderListing
  /** The index that was chosen, so that the same can be opened again. */
  readonly choice: IndexChoice
  /** The first lines of the index; empty if there is none. */
  readonly indexPreview: readonly (readonly string[])[]
  /** The index file, if it is known as a file. */
  readonly indexFile: Blob | null
  /** Sentences about indices that cannot be used as they are. */
  readonly remarks: readonly string[]
  readonly sizes: ImageSizes
  /** Throws `images/unreadable` if the image has gone. */
  handleOf(image: number): Promise<ImageHandle>
}

/**
 * `auto`: the first text file at the top that names images; `none`; or a file of the folder, or from anywhere, with
 * settings for its columns. If the name is null, there is no index, and `classesFrom` tells where classes come from.
 */
export type IndexChoice =
  | 'auto'
  | 'none'
  | { readonly name: null; readonly classesFrom: Exclude<ClassesFrom, 'index'> }
  | (Partial<Omit<IndexSettings, 'name'>> & { readonly name: string; readonly file?: Blob })

/** Throws what the source throws, also if `signal` is aborted. */
export async function listFolder(
  source: ImageSource,
  signal: AbortSignal,
  onFound: (count: number, folder: string) => void,
): Promise<FolderListing> {
  const images: string[] = []
  const indexCandidates: string[] = []
  const withoutEnding: string[] = []
  const counts = { image: 0, index: 0, hidden: 0, other: 0 }
  let found = 0
  const report = (count: number, latest: string): void => onFound(count, directoryOf(latest))
  const breathe = breather()
  for await (const paths of source.list(signal, report)) {
    signal.throwIfAborted()
    for (const path of paths) {
      const kind = fileKind(path)
      counts[kind]++
      if (kind === 'image') images.push(path)
      if (kind === 'index') indexCandidates.push(path)
      if (kind === 'other' && hasNoEnding(path)) withoutEnding.push(path)
    }
    found += paths.length
    if (paths.length > 0) report(found, paths.at(-1)!)
    await breathe()
  }
  if (images.length === 0 && (await holdPictures(source, withoutEnding))) {
    images.push(...withoutEnding)
    counts.other -= withoutEnding.length
  }
  return {
    source,
    images,
    indexCandidates: indexCandidates.toSorted(),
    otherFiles: counts.other,
    hiddenFiles: counts.hidden,
    leftOut: source.leftOut?.() ?? [],
  }
}

/** So many files are looked at: a folder of pictures without endings holds little else. */
const mostLookedAt = 8

/** Whether some of the first ones are pictures, by their content. */
async function holdPictures(source: ImageSource, paths: readonly string[]): Promise<boolean> {
  const heads = await Promise.allSettled(
    paths.slice(0, mostLookedAt).map(async (path) => {
      const handle = await source.open(path)
      if (!(handle instanceof Blob)) return false
      return beginsAsPicture(new Uint8Array(await handle.slice(0, beginningBytes).arrayBuffer()))
    }),
  )
  return heads.some((head) => head.status === 'fulfilled' && head.value)
}

/** Throws `images/none`, `images/index-empty`, `images/index-missing` and `images/index-unreadable`. */
export async function makeImageSet(
  listing: FolderListing,
  choice: IndexChoice,
  gallery: Pick<Remote<Files>, 'makeTable'>,
  before: ImageSet | null = null,
): Promise<ImageSet> {
  const { source, images, indexCandidates, otherFiles, hiddenFiles, leftOut } = listing
  if (images.length === 0) throw appError('images/none', { folder: source.name })
  const index = await chosenIndex(listing, choice, before)
  const { plan, preview, remarks } = await gallery.makeTable({
    paths: await joined(images),
    index,
    classesFrom: typeof choice === 'object' && choice.name === null ? choice.classesFrom : 'folder',
  })
  const table = tableFromPlan(images, plan)
  const sizes = new ImageSizes(table.paths.length)
  const indexFile = 'file' in index && index.file.handle instanceof Blob ? index.file.handle : null
  return {
    name: shownText(source.name),
    table,
    source,
    listing,
    choice:
      typeof choice === 'object' && choice.name !== null && indexFile
        ? { ...choice, file: indexFile }
        : choice,
    sizes,
    indexCandidates,
    otherFiles,
    hiddenFiles,
    leftOut,
    remarks,
    indexPreview: preview,
    indexFile,
    async handleOf(image) {
      // The image is known from a results file only.
      if (image < 0) throw clauseError('images/unreadable', { reason: 'it is not among the open images' })
      const handle = await source.open(table.paths[image]!)
      sizes.record(image, handle)
      return handle
    },
  }
}

async function chosenIndex(
  { source, indexCandidates }: FolderListing,
  choice: IndexChoice,
  before: ImageSet | null,
): Promise<TableRequest['index']> {
  const open = async (name: string): Promise<IndexFile> => {
    const handle = await opened(source, name)
    // The index cannot be a picture of a dataset file.
    if (typeof handle === 'object' && 'kind' in handle && handle.kind === 'raw')
      throw appError('images/index-missing', { index: name, folder: source.name })
    return { name, handle }
  }
  if (choice === 'auto') return { oneOf: await Promise.all(indexCandidates.map(open)) }
  if (choice === 'none' || choice.name === null) return { oneOf: [] }
  const { name, file, ...settings } = choice
  // The same index is read again in another way.
  const known = file ?? (before?.table.index?.name === name ? before.indexFile : null)
  if (known) return { ...settings, file: { name, handle: known } }
  if (!indexCandidates.includes(name))
    throw appError('images/index-missing', { index: name, folder: source.name })
  return { ...settings, file: await open(name) }
}

async function opened(source: ImageSource, name: string): Promise<ImageHandle> {
  try {
    return await source.open(name)
  } catch (error) {
    throw finished(error, (reason) => appError('images/index-unreadable', { index: name, reason }))
  }
}

/** Paths in one string: a million strings would take a second to cross. */
const pathsPerPiece = 20_000

async function joined(paths: readonly string[]): Promise<string[]> {
  const breathe = breather()
  const pieces: string[] = []
  for (let at = 0; at < paths.length; at += pathsPerPiece) {
    pieces.push(paths.slice(at, at + pathsPerPiece).join('\0'))
    await breathe()
  }
  return pieces
}

/** Lines by which sets of images are told apart: paths and sizes, by path. Opens images that were not opened yet. */
export async function fingerprintLines({ table, sizes, handleOf }: ImageSet): Promise<string[]> {
  await sizes.complete(handleOf)
  return table.paths.map((path, image) => `${path}\t${sizes.of(image) ?? ''}`)
}
