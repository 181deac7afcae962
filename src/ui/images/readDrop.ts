/**
 * @file What was dropped or picked: the files of a model, a folder of images, or both. Directories are walked to the
 * end: `readEntries` gives at most 100 entries a call in Chromium, so it is called until it gives none.
 */
import { looksLikeImage } from '../../core/images/imageTable.ts'
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import type { FolderEntry } from '../../state/imageSet.ts'
import { looksLikeModel } from '../../state/modelSource.ts'

export interface Folder {
  readonly name: string
  readonly entries: Iterable<FolderEntry> | AsyncIterable<FolderEntry>
}

export interface Drop {
  readonly models: readonly ModelFile[]
  /** Null where no images were dropped. */
  readonly folder: Folder | null
}

interface DroppedFile {
  readonly path: string
  readonly handle: File
}

/** Must be called within the drop event: its items are gone afterwards. */
export function readDrop(transfer: DataTransfer): Promise<Drop> {
  const entries = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null)
  return sortOut(entries)
}

/**
 * A directory with a picture in it is a folder of images, one with a model and without pictures is a model. A single
 * file that is no picture is meant as a model too: opening it says what is wrong with it.
 */
async function sortOut(entries: readonly FileSystemEntry[]): Promise<Drop> {
  const files = entries.filter((entry) => entry.isFile) as FileSystemFileEntry[]
  const directories = entries.filter((entry) => entry.isDirectory) as FileSystemDirectoryEntry[]
  const pictures = files.filter(({ name }) => looksLikeImage(name) || /\.(txt|tsv|csv)$/i.test(name))
  const others = files.filter((file) => !pictures.includes(file))
  const othersAreModel =
    others.some(({ name }) => looksLikeModel(name)) || (pictures.length === 0 && directories.length === 0)

  const models = othersAreModel ? await read(others) : []
  const ofImages: Folder[] = []
  for (const directory of directories) {
    const { model, entries: walked } = await lookInto(directory)
    if (model) models.push(...model.map(({ path, file }) => ({ path: `${directory.name}/${path}`, file })))
    else ofImages.push({ name: directory.name, entries: walked })
  }
  const loose = othersAreModel ? pictures : [...pictures, ...others]
  return { models, folder: folderOf(ofImages, loose) }
}

/** A single directory is the image folder itself; several things lie side by side in one without a name. */
function folderOf(directories: readonly Folder[], loose: readonly FileSystemFileEntry[]): Folder | null {
  const count = directories.length + loose.length
  if (count === 0) return null
  if (count === 1) return directories[0] ?? { name: loose[0]!.name, entries: walkAll(loose, '') }
  return { name: `${count} dropped items`, entries: sideBySide(directories, loose) }
}

async function* sideBySide(
  directories: readonly Folder[],
  loose: readonly FileSystemFileEntry[],
): AsyncGenerator<FolderEntry> {
  yield* walkAll(loose, '')
  for (const { name, entries } of directories)
    for await (const { path, handle } of entries) yield { path: `${name}/${path}`, handle }
}

/** Walks a directory up to its first picture; if there is none it may be a model. */
async function lookInto(
  directory: FileSystemDirectoryEntry,
): Promise<{ model: readonly ModelFile[] | null; entries: Folder['entries'] }> {
  const walking = walk(directory, '')
  const seen: DroppedFile[] = []
  for (;;) {
    const { done, value } = await walking.next()
    if (done) break
    seen.push(value)
    if (looksLikeImage(value.path)) return { model: null, entries: following(seen, walking) }
  }
  const isModel = seen.some(({ path }) => looksLikeModel(path))
  return { model: isModel ? seen.map(({ path, handle }) => ({ path, file: handle })) : null, entries: seen }
}

async function* following(
  seen: readonly DroppedFile[],
  rest: AsyncGenerator<DroppedFile>,
): AsyncGenerator<FolderEntry> {
  yield* seen
  yield* rest
}

async function* walkAll(entries: readonly FileSystemEntry[], prefix: string): AsyncGenerator<DroppedFile> {
  for (const entry of entries) {
    if (entry.isDirectory) yield* walk(entry as FileSystemDirectoryEntry, `${prefix}${entry.name}/`)
    else yield { path: prefix + entry.name, handle: await fileOf(entry as FileSystemFileEntry) }
  }
}

async function* walk(directory: FileSystemDirectoryEntry, prefix: string): AsyncGenerator<DroppedFile> {
  const reader = directory.createReader()
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (entries.length === 0) return
    yield* walkAll(entries, prefix)
  }
}

function read(entries: readonly FileSystemFileEntry[]): Promise<ModelFile[]> {
  return Promise.all(entries.map(async (entry) => ({ path: entry.name, file: await fileOf(entry) })))
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject))
}

/** From `<input webkitdirectory>`, whose paths begin with the folder's name; or from a plain choice of files. */
export function folderOfFileList(files: FileList): Folder {
  const root = files[0]!.webkitRelativePath.split('/')[0]!
  return {
    name: root || `${files.length} files`,
    entries: Array.from(files, (file) => ({
      path: file.webkitRelativePath ? file.webkitRelativePath.slice(root.length + 1) : file.name,
      handle: file,
    })),
  }
}
