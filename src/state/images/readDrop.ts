/**
 * @file Sorts out what was dropped or picked: the files of a model, sources of images, results, or several of these.
 */
import { fileKind, looksLikeImage } from '../../core/images/fileKinds.ts'
import { looksLikeModel } from '../../core/model/formats.ts'
import { notesEnding, notesFormat } from '../../core/notes/notesFile.ts'
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import type { ImageSource } from './imageSource.ts'
import { archiveSource, type Lister, looksLikeArchive } from './sources/archiveSource.ts'
import { datasetSource, looksLikeDataset } from './sources/datasetSource.ts'
import { entrySource } from './sources/entrySource.ts'
import { fileListSource } from './sources/fileListSource.ts'
import { joinedSource } from './sources/joinedSource.ts'
import { modelInZip } from '../model/modelInZip.ts'

export interface Drop {
  readonly models: readonly ModelFile[]
  /** Results files; others may be among the models' files. */
  readonly results: readonly File[]
  readonly notes: readonly File[]
  /** Is null if no images were dropped. */
  readonly source: ImageSource | null
  /** The handle of the source, if it is a single directory and the browser can open it again in a later visit. */
  readonly handle: Promise<FileSystemDirectoryHandle | null> | null
  /** The handles of all that was dropped, for a later visit; null if the browser has none. */
  readonly handles: Promise<readonly FileSystemHandle[] | null>
}

/** More items than this are hardly ever opened again one by one. */
const mostHandles = 20
type Reader = Lister & {
  isResultsFile(file: Blob): Promise<boolean>
  isSnapshot(file: File): Promise<boolean>
}

/** Finds results files and snapshots by their content. Only files with the name of a picture are not looked into. */
export async function takeResults(
  files: readonly File[],
  reader: Pick<Reader, 'isResultsFile' | 'isSnapshot'>,
): Promise<{ readonly results: readonly File[]; readonly others: readonly File[] }> {
  const isResults = await Promise.all(
    files.map(async (file) => {
      if (looksLikeImage(file.name)) return false
      const isEither = reader.isSnapshot(file).then((is) => is || reader.isResultsFile(file))
      return isEither.catch(() => false)
    }),
  )
  return {
    results: files.filter((_, i) => isResults[i]),
    others: files.filter((_, i) => !isResults[i]),
  }
}

interface ResultsOpener {
  openResults(file: File, others: readonly File[]): Promise<boolean>
}

/** Files that are larger hold no notes, so they are not read to find out. */
const mostNoteBytes = 2 ** 26

/** Finds notes files: by their name, or in JSON files by their content. */
export async function takeNoteFiles(
  files: readonly File[],
): Promise<{ readonly notes: readonly File[]; readonly others: readonly File[] }> {
  const areNotes = await Promise.all(
    files.map(async (file) => {
      if (file.name.toLowerCase().endsWith(notesEnding)) return true
      if (!/\.json$/i.test(file.name) || file.size > mostNoteBytes) return false
      return (await file.text().catch(() => '')).includes(`"${notesFormat}"`)
    }),
  )
  return { notes: files.filter((_, i) => areNotes[i]), others: files.filter((_, i) => !areNotes[i]) }
}

/** Opens snapshots together; of results files the first, as one is shown at a time. */
export async function openAllResults(
  { openResults }: ResultsOpener,
  [first, ...others]: readonly File[],
): Promise<void> {
  if (first) await openResults(first, others)
}

/** Must be called within the drop event: its items are gone afterwards. */
export function readDrop(transfer: DataTransfer, lister: () => Reader): Promise<Drop> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  // Handles have to be asked for within the event.
  const handles = items.length <= mostHandles ? items.map(handleOf) : []
  const entries = items.map(entryOf).filter((entry) => entry !== null)
  return sortOut(entries, handles, lister)
}

/** A picture that is dragged out of another page is a file without an entry. */
function entryOf(item: DataTransferItem): FileSystemEntry | null {
  const entry = (item as Partial<DataTransferItem>).webkitGetAsEntry?.()
  const file = entry ? null : item.getAsFile()
  if (!file) return entry ?? null
  const { name } = file
  return { isFile: true, name, file: (found: FileCallback) => found(file) } as FileSystemFileEntry
}

/** Sorts out what is opened again as if it were dropped. */
export function readEntries(entries: readonly FileSystemEntry[], lister: () => Reader): Promise<Drop> {
  return sortOut(entries, [], lister)
}

function handleOf(item: DataTransferItem): Promise<FileSystemHandle | null> {
  const asked = item as DataTransferItem & { getAsFileSystemHandle?(): Promise<FileSystemHandle | null> }
  // The handle is for a later visit only; now the entry is read.
  return asked.getAsFileSystemHandle?.().catch(() => null) ?? Promise.resolve(null)
}

/**
 * A directory with a picture in it is a folder of images; one with a model and without pictures is a model. An
 * archive is a model if it holds one, else images. A single file that is no picture is opened as a model too, so that
 * the user learns what is wrong with it.
 */
async function sortOut(
  entries: readonly FileSystemEntry[],
  handles: readonly Promise<FileSystemHandle | null>[],
  lister: () => Reader,
): Promise<Drop> {
  const directories = entries.filter((entry) => entry.isDirectory) as FileSystemDirectoryEntry[]
  const { results, others } = await takeResults(
    await Promise.all(
      entries.filter((entry) => entry.isFile).map((entry) => fileOf(entry as FileSystemFileEntry)),
    ),
    lister(),
  )
  const { notes, others: files } = await takeNoteFiles(others)
  const models: ModelFile[] = []
  const folders: ImageSource[] = []
  let remembered: FileSystemDirectoryEntry | null = null
  for (const directory of directories) {
    const found = await lookInto(directory, lister)
    if ('model' in found)
      models.push(...found.model.map(({ path, file }) => ({ path: `${directory.name}/${path}`, file })))
    else {
      folders.push(found.source)
      remembered = directory
    }
  }
  const besides = directories.length > 0 || results.length > 0 || notes.length > 0
  const sorted = await sortFiles(files, besides, lister)
  models.push(...sorted.models)
  folders.push(...sorted.sources)
  const source = together(folders, sorted.loose, 'dropped items')
  const isOnlyDirectory = folders.length === 1 && sorted.loose.length === 0 && remembered !== null
  const isRemembered = isOnlyDirectory && handles.length > 0 && handles.length <= 2
  return {
    models,
    results,
    notes,
    source,
    handle: isRemembered ? directoryHandle(handles) : null,
    handles: allHandles(handles),
  }
}

async function allHandles(
  handles: readonly Promise<FileSystemHandle | null>[],
): Promise<readonly FileSystemHandle[] | null> {
  const found = (await Promise.all(handles)).filter((handle) => handle !== null)
  return found.length > 0 && found.length === handles.length ? found : null
}

async function directoryHandle(
  handles: readonly Promise<FileSystemHandle | null>[],
): Promise<FileSystemDirectoryHandle | null> {
  const found = await Promise.all(handles)
  return found.find((handle) => handle instanceof FileSystemDirectoryHandle) ?? null
}

interface SortedFiles {
  readonly models: readonly ModelFile[]
  readonly sources: readonly ImageSource[]
  /** Pictures and index files. */
  readonly loose: readonly File[]
}

async function sortFiles(
  files: readonly File[],
  besidesOthers: boolean,
  lister: () => Lister,
): Promise<SortedFiles> {
  const dataset = files.filter(({ name }) => looksLikeDataset(name))
  const rest = files.filter((file) => !dataset.includes(file))
  const pictures = rest.filter(({ name }) => ['image', 'index'].includes(fileKind(name)))
  const sources = dataset.length > 0 ? [datasetOf(dataset, lister)] : []
  const models: ModelFile[] = []
  const others: File[] = []
  for (const file of rest) {
    if (pictures.includes(file)) continue
    const isArchive = looksLikeArchive(file.name)
    if (isArchive && !(await modelInZip(file, lister()))) sources.push(archiveSource(file, file.name, lister))
    else if (isArchive || looksLikeModel(file.name)) models.push({ path: file.name, file })
    else others.push(file)
  }
  const nothingElse = pictures.length === 0 && sources.length === 0 && !besidesOthers
  // A list without pictures is of the model: labels.txt names its outputs.
  const hasPictures = pictures.some(({ name }) => fileKind(name) === 'image')
  const lists = models.length > 0 && !hasPictures && sources.length === 0 && !besidesOthers ? pictures : []
  if (models.length > 0 || nothingElse)
    return {
      models: [...models, ...[...others, ...lists].map((file) => ({ path: file.name, file }))],
      sources,
      loose: pictures.filter((file) => !lists.includes(file)),
    }
  return { models, sources, loose: [...pictures, ...others] }
}

/** A single source is taken as it is; several are put side by side. */
function together(folders: readonly ImageSource[], loose: readonly File[], what: string): ImageSource | null {
  if (folders.length + loose.length === 0) return null
  if (loose.length === 0 && folders.length === 1) return folders[0]!
  const name =
    folders.length + loose.length === 1 ? loose[0]!.name : `${folders.length + loose.length} ${what}`
  return joinedSource(name, folders, loose.length > 0 ? fileListSource(loose, name) : null)
}

function datasetOf(files: readonly File[], lister: () => Lister, name?: string): ImageSource {
  return datasetSource(
    files.map((file) => ({ name: file.name, file })),
    name ?? (files.length === 1 ? files[0]!.name : `${files.length} dataset files`),
    lister,
  )
}

/** A directory with more files than this is hardly a model. */
const mostModelFiles = 10_000

/** Lists a directory up to its first picture; if there is none, it may be a dataset or a model. */
async function lookInto(
  directory: FileSystemDirectoryEntry,
  lister: () => Lister,
): Promise<{ model: readonly ModelFile[] } | { source: ImageSource }> {
  const source = entrySource(directory)
  const seen: string[] = []
  for await (const paths of source.list(new AbortController().signal)) {
    seen.push(...paths)
    if (paths.some(looksLikeImage) || seen.length > mostModelFiles) return { source }
  }
  const read = (paths: readonly string[]): Promise<ModelFile[]> =>
    Promise.all(paths.map(async (path) => ({ path, file: (await source.open(path)) as File })))
  const dataset = seen.filter(looksLikeDataset)
  if (dataset.length > 0) {
    const files = (await read(dataset)).map(({ file }) => file)
    return { source: datasetOf(files, lister, directory.name) }
  }
  return seen.some(looksLikeModel) ? { model: await read(seen) } : { source }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** The source of what was chosen as images: a folder, or files, with archives and datasets among them. */
export function sourceOfFileList(files: FileList | readonly File[], lister: () => Lister): ImageSource {
  const isFolder = files[0]!.webkitRelativePath !== ''
  const all = Array.from(files)
  if (isFolder) {
    const dataset = all.filter(({ name }) => looksLikeDataset(name))
    const isDataset =
      dataset.length > 0 && !all.some(({ webkitRelativePath }) => looksLikeImage(webkitRelativePath))
    return isDataset
      ? datasetOf(dataset, lister, files[0]!.webkitRelativePath.split('/')[0]!)
      : fileListSource(files)
  }
  const dataset = all.filter(({ name }) => looksLikeDataset(name))
  const archives = all.filter((file) => looksLikeArchive(file.name) && !dataset.includes(file))
  const loose = all.filter((file) => !archives.includes(file) && !dataset.includes(file))
  if (archives.length + dataset.length === 0) return fileListSource(files)
  return together(
    [
      ...archives.map((file) => archiveSource(file, file.name, lister)),
      ...(dataset.length > 0 ? [datasetOf(dataset, lister)] : []),
    ],
    loose,
    'chosen items',
  )!
}
