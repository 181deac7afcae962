/** @file The files of an `<input>`: its list holds them, and gives one by its index. */
import { clauseError } from '../../../core/errors.ts'
import { breather } from '../../timing/breather.ts'
import type { ImageSource } from '../imageSource.ts'

/** An array is for the few files of a drop. */
type Files = ArrayLike<File>

const filesPerPiece = 500

/**
 * The list is from `<input webkitdirectory>`, where paths begin with the folder's name, or a plain choice of files.
 */
export function fileListSource(files: Files, name = nameOf(files)): ImageSource {
  const placeOf = new Map<string, number>()
  return {
    name,
    async *list(signal) {
      placeOf.clear()
      const breathe = breather()
      for (let at = 0; at < files.length; at += filesPerPiece) {
        signal.throwIfAborted()
        const piece: string[] = []
        for (let place = at; place < Math.min(files.length, at + filesPerPiece); place++) {
          const path = freePath(pathOf(files[place]!), placeOf)
          placeOf.set(path, place)
          piece.push(path)
        }
        yield piece
        await breathe()
      }
    },
    open(path) {
      const place = placeOf.get(path)
      if (place === undefined) throw clauseError('images/unreadable', { reason: 'it is not in the folder' })
      return files[place]!
    },
  }
}

function nameOf(files: Files): string {
  const [root] = (files[0]?.webkitRelativePath ?? '').split('/')
  return root || (files.length === 1 ? files[0]!.name : `${files.length} files`)
}

function pathOf({ webkitRelativePath, name }: File): string {
  // The folder's own name is left out.
  return webkitRelativePath ? webkitRelativePath.slice(webkitRelativePath.indexOf('/') + 1) : name
}

/** Files of one name, which can come from different folders, are made different: `1.png`, `1 (2).png`. */
export function freePath(path: string, taken: { has(path: string): boolean }): string {
  if (!taken.has(path)) return path
  const [, stem, ending] = /^(.*?)(\.[^./]*)?$/s.exec(path)!
  for (let n = 2; ; n++) {
    const other = `${stem} (${n})${ending ?? ''}`
    if (!taken.has(other)) return other
  }
}
