/** @file Turns kept file handles into the entries that a drop has, so that reopened files are read the same way. */

export function entryOfHandle(handle: FileSystemHandle): FileSystemEntry {
  const entry =
    handle instanceof FileSystemDirectoryHandle
      ? entryOfDirectory(handle)
      : entryOfFile(handle as FileSystemFileHandle)
  // The code that reads entries uses neither parents nor paths of the whole file system.
  return entry as Partial<FileSystemEntry> as FileSystemEntry
}

function entryOfFile(handle: FileSystemFileHandle): Partial<FileSystemFileEntry> {
  return {
    isFile: true,
    isDirectory: false,
    name: handle.name,
    file: (onSuccess, onError) => void handle.getFile().then(onSuccess, failing(onError)),
  }
}

function entryOfDirectory(handle: FileSystemDirectoryHandle): Partial<FileSystemDirectoryEntry> {
  /** Caches the handles of directories: the path to a directory is followed for each of its images. */
  const directories = new Map<string, Promise<FileSystemDirectoryHandle>>()
  const directoryAt = (path: string): Promise<FileSystemDirectoryHandle> => {
    if (path === '') return Promise.resolve(handle)
    let known = directories.get(path)
    if (!known) {
      const at = path.lastIndexOf('/')
      const parent = directoryAt(path.slice(0, Math.max(0, at)))
      known = parent.then((directory) => directory.getDirectoryHandle(path.slice(at + 1)))
      directories.set(path, known)
    }
    return known
  }
  const fileAt = async (path: string): Promise<FileSystemFileHandle> => {
    const at = path.lastIndexOf('/')
    const directory = await directoryAt(path.slice(0, Math.max(0, at)))
    return directory.getFileHandle(path.slice(at + 1))
  }
  return {
    isFile: false,
    isDirectory: true,
    name: handle.name,
    createReader() {
      const values = handle.values()
      const read = async (): Promise<FileSystemEntry[]> => {
        const entries: FileSystemEntry[] = []
        while (entries.length < entriesPerRead) {
          const next = await values.next()
          if (next.done) break
          entries.push(entryOfHandle(next.value))
        }
        return entries
      }
      return { readEntries: (onSuccess, onError) => void read().then(onSuccess, failing(onError)) }
    },
    getFile: (path, _, onSuccess, onError) =>
      void fileAt(path!).then((file) => onSuccess?.(entryOfHandle(file)), failing(onError)),
  }
}

/** Chromium gives as many at once for a drop. */
const entriesPerRead = 100

/** Handles always reject with a DOMException. */
function failing(onError: ErrorCallback | undefined): (error: unknown) => void {
  return (error) => onError?.(error as DOMException)
}
