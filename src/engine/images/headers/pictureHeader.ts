/** @file What the first bytes of a picture tell: its format, its size, how it is turned. */

/** Formats that are decoded. */
export type PictureKind = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'BMP' | 'ICO' | 'AVIF' | 'TIFF'

/** Bytes `start` … `end` of the file are to be replaced. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface PictureHeader {
  readonly kind: PictureKind
  /** In pixels as they are stored, not turned. */
  readonly width: number
  readonly height: number
  /** EXIF's number, 1 … 8, where the format has it as a tag; AVIF turns by properties of its own. */
  readonly orientation: number
  /** Whether browsers leave it to us to turn it, because they do not look where it is written. */
  readonly isOwnTurn?: boolean
  /** Whether it holds one number a pixel, its grey, besides transparency. */
  readonly isGrey?: boolean
  /** What gives every number that a pixel may hold a colour of the palette: black, as libpng does. */
  readonly filled?: readonly Splice[]
  /** What makes of an animated PNG the still picture in it, which Pillow and TensorFlow take and browsers don't. */
  readonly still?: readonly Splice[]
  /** What makes of the file one that no browser turns, in order; empty where it is none to turn. */
  readonly upright: readonly Splice[]
}

/** The file with other bytes in some places. Of a blob nothing is copied but those. */
export function withSplices(file: Blob | Uint8Array<ArrayBuffer>, splices: readonly Splice[]): Blob {
  if (splices.length === 0) return file instanceof Blob ? file : new Blob([file])
  return new Blob(spliced(file, splices))
}

/** The same in memory. */
export function bytesWithSplices(
  file: Uint8Array<ArrayBuffer>,
  splices: readonly Splice[],
): Uint8Array<ArrayBuffer> {
  if (splices.length === 0) return file
  const parts = spliced(file, splices)
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

function spliced<File extends Blob | Uint8Array<ArrayBuffer>>(
  file: File,
  splices: readonly Splice[],
): (File | Uint8Array<ArrayBuffer>)[] {
  const parts: (File | Uint8Array<ArrayBuffer>)[] = []
  let at = 0
  for (const { start, end, bytes } of splices.toSorted((a, b) => a.start - b.start)) {
    parts.push(file.slice(at, start) as File, bytes)
    at = end
  }
  parts.push(file.slice(at) as File)
  return parts
}
