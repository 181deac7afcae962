/**
 * @file Says where a picture's bytes are. Handles are posted to workers; a message carries an archive once for all its
 * handles.
 */

/** A file of the user's, an address on the app's own origin, or a range of a file. */
export type ImageHandle = Blob | string | ArchivedFile | RawImage

/** A file inside an archive, which is read when it is needed. */
export interface ArchivedFile {
  readonly kind: 'archived'
  readonly archive: Blob
  /** `stored`: the content begins at `offset`; `zip`: the local header of a zip entry begins there. */
  readonly method: 'stored' | 'zip'
  readonly offset: number
  /** The sizes in bytes in the archive, and unpacked. */
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

/** Stands for a file that cannot be opened any more. */
export interface LostImage {
  readonly kind: 'lost'
  /** A clause. */
  readonly why: string
}

/** Any handle but a raw picture's, which has no file of its own. */
export type FileHandle = Exclude<ImageHandle, RawImage>

/** The bytes that unpacking takes in memory before the picture can be decoded; 0 if nothing is unpacked. */
export function unpackedBytes(handle: ImageHandle): number {
  const isPacked = typeof handle === 'object' && 'kind' in handle && handle.kind === 'archived'
  return isPacked && handle.compression ? handle.bytes : 0
}
