/** @file A directory that the page can open again later: handles of directories are kept, none of files. */
import { clauseError, messageOf } from '../../../core/errors.ts'
import { directoryOf } from '../../../core/paths.ts'
import { breather } from '../../timing/breather.ts'
import type { ImageSource } from '../imageSource.ts'

const filesPerPiece = 200

export function directoryHandleSource(root: FileSystemDirectoryHandle): ImageSource {
  const directories = new Map<string, FileSystemDirectoryHandle>([['', root]])
  return {
    name: root.name,
    async *list(signal) {
      const breathe = breather()
      const waiting = ['']
      for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
        const prefix = directory === '' ? '' : `${directory}/`
        let piece: string[] = []
        for await (const handle of directories.get(directory)!.values()) {
          const path = prefix + handle.name
          if (handle.kind === 'directory') {
            directories.set(path, handle)
            waiting.push(path)
          } else piece.push(path)
          if (piece.length < filesPerPiece) continue
          signal.throwIfAborted()
          yield piece
          piece = []
          await breathe()
        }
        signal.throwIfAborted()
        yield piece
      }
    },
    async open(path) {
      try {
        const directory = directories.get(directoryOf(path)) ?? root
        const handle = await directory.getFileHandle(path.slice(path.lastIndexOf('/') + 1))
        return await handle.getFile()
      } catch (error) {
        throw clauseError('images/unreadable', { reason: messageOf(error) })
      }
    },
  }
}
