/** @file Reads the file that a handle stands for: the user's file itself, one in an archive, or one on the app's server. */
import { clauseError, messageOf } from '../../core/errors.ts'
import { readArchived } from './archivedFile.ts'
import type { FileRange } from './fileRange.ts'
import type { FileHandle } from './imageHandle.ts'

/** Reads the file of a handle. Throws `images/unreadable`. */
export async function readHandle(handle: FileHandle): Promise<Blob> {
  const content = await readContent(handle, null)
  return content instanceof Blob ? content : new Blob([content])
}

/**
 * Reads the file of a handle; a small one stays in memory. `range`: its bytes if they were read before. `checkHead`: as of
 * `readArchived`, which unpacks nothing in vain. Throws `images/unreadable`.
 */
export async function readContent(
  handle: FileHandle,
  range: FileRange | null,
  checkHead?: (head: DataView) => void,
): Promise<Blob | FileRange> {
  if (handle instanceof Blob) return range ?? handle
  if (typeof handle !== 'string') return readArchived(handle, range, checkHead)
  try {
    const response = await fetch(handle)
    if (!response.ok) throw new Error(`the server answers ${response.status}`)
    return await response.blob()
  } catch (error) {
    throw clauseError('images/unreadable', { reason: messageOf(error) })
  }
}
