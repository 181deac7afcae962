/**
 * @file What was dropped or picked, as folder entries. Directories are walked to the end: `readEntries` gives at
 * most 100 entries a call in Chromium, so it is called until it gives none.
 */
import type { FolderEntry } from '../../state/imageSet.ts'
import { looksLikeModel } from '../../state/model.ts'

export interface Folder {
  readonly name: string
  readonly entries: Iterable<FolderEntry> | AsyncIterable<FolderEntry>
}

export interface Drop {
  /** Model files at the top of what was dropped. */
  readonly models: readonly FileSystemEntry[]
  /** All the rest; null where there is nothing else. */
  readonly folder: Folder | null
}

/** Must be called within the drop event: its items are gone afterwards. */
export function readDrop(transfer: DataTransfer): Drop {
  const entries = [...transfer.items]
    .filter(({ kind }) => kind === 'file')
    .map((item) => item.webkitGetAsEntry())
    .filter((entry) => entry !== null)
  const models = entries.filter((entry) => entry.isFile && looksLikeModel(entry.name))
  const rest = entries.filter((entry) => !models.includes(entry))
  // A single file that is no picture is meant as a model too: opening it says what is wrong with it.
  if (
    models.length === 0 &&
    rest.length === 1 &&
    rest[0]!.isFile &&
    !/\.(png|jpe?g|webp|gif|bmp|avif|txt|tsv|csv)$/i.test(rest[0]!.name)
  )
    return { models: rest, folder: null }
  return { models, folder: rest.length > 0 ? folderOf(rest) : null }
}

/** A single directory is the image folder itself; several things lie side by side in one without a name. */
function folderOf(entries: readonly FileSystemEntry[]): Folder {
  const [only] = entries
  if (entries.length === 1 && only!.isDirectory)
    return { name: only!.name, entries: walk(only as FileSystemDirectoryEntry, '') }
  const name = entries.length === 1 ? only!.name : `${entries.length} dropped items`
  return { name, entries: walkAll(entries, '') }
}

async function* walkAll(entries: readonly FileSystemEntry[], prefix: string): AsyncGenerator<FolderEntry> {
  for (const entry of entries) {
    if (entry.isDirectory) yield* walk(entry as FileSystemDirectoryEntry, `${prefix}${entry.name}/`)
    else yield { path: prefix + entry.name, handle: await fileOf(entry as FileSystemFileEntry) }
  }
}

async function* walk(directory: FileSystemDirectoryEntry, prefix: string): AsyncGenerator<FolderEntry> {
  const reader = directory.createReader()
  for (;;) {
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (entries.length === 0) return
    yield* walkAll(entries, prefix)
  }
}

export function fileOf(entry: FileSystemFileEntry): Promise<File> {
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
