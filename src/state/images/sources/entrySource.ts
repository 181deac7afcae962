/**
 * @file A dropped directory: only its root is kept, and a file is asked for by its path when it is needed.
 * `readEntries` gives at most 100 entries a call in Chromium, so it is called until it gives none.
 */
import { clauseError, messageOf } from '../../../core/errors.ts'
import { breather } from '../../timing/breather.ts'
import type { ImageSource } from '../imageSource.ts'

export function entrySource(root: FileSystemDirectoryEntry): ImageSource {
  return {
    name: root.name,
    async *list(signal) {
      const breathe = breather()
      const directories: { entry: FileSystemDirectoryEntry; prefix: string }[] = [{ entry: root, prefix: '' }]
      for (let next = directories.pop(); next; next = directories.pop()) {
        const { entry, prefix } = next
        const reader = entry.createReader()
        for (;;) {
          signal.throwIfAborted()
          const entries = await new Promise<FileSystemEntry[]>((resolve, reject) =>
            reader.readEntries(resolve, reject),
          )
          if (entries.length === 0) break
          for (const one of entries)
            if (one.isDirectory)
              directories.push({
                entry: one as FileSystemDirectoryEntry,
                prefix: `${prefix}${one.name}/`,
              })
          yield entries.filter((one) => one.isFile).map((one) => prefix + one.name)
          await breathe()
        }
      }
    },
    open: (path) =>
      new Promise((resolve, reject) => {
        const fail = (error: unknown): void =>
          reject(clauseError('images/unreadable', { reason: messageOf(error) }))
        root.getFile(path, {}, (entry) => (entry as FileSystemFileEntry).file(resolve, fail), fail)
      }),
  }
}
