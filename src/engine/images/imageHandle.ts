/** @file Where a picture's bytes are. Handles cross to workers; several of one archive carry it once a message. */
import { appError, messageOf } from '../../core/errors.ts'

/** A file of the user's, an address on the app's own origin, or a place inside a file. */
export type ImageHandle = Blob | string | ArchivedFile | RawImage

/** A file inside an archive, found when it is needed. */
export interface ArchivedFile {
  readonly kind: 'archived'
  readonly archive: Blob
  /** `stored`: the content begins at `offset`; `zip`: the local header of a zip entry begins there. */
  readonly method: 'stored' | 'zip'
  readonly offset: number
  /** Bytes in the archive, and unpacked. */
  readonly packed: number
  readonly bytes: number
  /** Zip's compression method: 0 stored, 8 deflated. */
  readonly compression?: number
}

/** A picture of a dataset file (CIFAR-10, MNIST): raw bytes, one per value. */
export interface RawImage {
  readonly kind: 'raw'
  readonly file: Blob
  readonly offset: number
  readonly width: number
  readonly height: number
  readonly channels: 1 | 3
  /** `planar`: all red, all green, all blue; `interleaved`: RGBRGB. */
  readonly layout: 'planar' | 'interleaved'
}

/** Throws `images/unreadable`. */
export async function readHandle(handle: ImageHandle): Promise<Blob> {
  if (handle instanceof Blob) return handle
  if (typeof handle !== 'string')
    throw appError('images/unreadable', { reason: `${handle.kind} pictures cannot be read` })
  try {
    const response = await fetch(handle)
    if (!response.ok) throw new Error(`the server answers ${response.status}`)
    return await response.blob()
  } catch (error) {
    throw appError('images/unreadable', { reason: messageOf(error) })
  }
}
