/** @file Where a picture's bytes are: a file of the user's, or an address on the app's own origin. */
import { appError, messageOf } from '../../core/errors.ts'

export type ImageHandle = Blob | string

/** Throws `images/unreadable`. */
export async function readHandle(handle: ImageHandle): Promise<Blob> {
  if (handle instanceof Blob) return handle
  try {
    const response = await fetch(handle)
    if (!response.ok) throw new Error(`the server answers ${response.status}`)
    return await response.blob()
  } catch (error) {
    throw appError('images/unreadable', { reason: messageOf(error) })
  }
}
