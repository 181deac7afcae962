/** @file What the first bytes of a picture say: its format, its size, how it is turned. */

/** The formats that are decoded. */
export type PictureKind = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'BMP' | 'ICO' | 'AVIF' | 'TIFF'

/** Bytes `start` … `end` of the file are to be replaced. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly bytes: Uint8Array<ArrayBuffer>
}

export interface PictureHeader {
  readonly kind: PictureKind
  /** The size in pixels as they are stored, not turned. */
  readonly width: number
  readonly height: number
  /** EXIF's number, 1 … 8, if the format has the tag; AVIF says the same in properties of its own. */
  readonly orientation: number
  /** Whether browsers ignore the orientation, so that we must turn the picture. */
  readonly isOwnTurn?: boolean
  /** Whether it holds one number for each pixel, its grey, besides transparency. */
  readonly isGrey?: boolean
  /** The change that gives every number that a pixel may hold a colour of the palette: black, as libpng does. */
  readonly filled?: readonly Splice[]
  /** The change that leaves an animated PNG its still picture, which Pillow and TensorFlow show and browsers do not. */
  readonly still?: readonly Splice[]
  /**
   * The changes that leave browsers nothing to do but decode: without a colour profile, by which WebKit converts whatever it is asked,
   * and with a BMP's fourth bytes named as unused, which WebKit takes for transparency.
   */
  readonly bare?: readonly Splice[]
  /** Where the colours under its transparency are to be had if bitmaps lose them; missing if that is not known. */
  readonly underneath?: Underneath
  /** The changes, in order, after which no browser turns the picture; empty if it need not be turned. */
  readonly upright: readonly Splice[]
}

/**
 * The colours of transparent pixels. `black`: all decoders give black. `opaque`: those of the picture without its transparency, which these
 * changes leave out, and its turn too. Otherwise a part of the file: a PNG, or the chunk of a lossless WebP.
 */
export type Underneath =
  | 'black'
  | { readonly opaque: readonly Splice[] }
  | { readonly format: 'PNG' | 'lossless WebP'; readonly start: number; readonly end: number }

/** Replaces some bytes of a file. Only the new bytes are copied. */
export function withSplices(file: Blob | Uint8Array<ArrayBuffer>, splices: readonly Splice[]): Blob {
  if (splices.length === 0) return file instanceof Blob ? file : new Blob([file])
  return new Blob(spliced(file, splices))
}

/** Replaces some bytes of a file in memory. */
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
