/** @file A picture that is known but not decoded yet: its size is checked before memory is spent on it. */
import { clauseError, messageOf } from '../../core/errors.ts'
import { turnUpright } from '../../core/preprocessing/orientation.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { decodePng } from './decodePng.ts'
import type { FileRange } from './fileRange.ts'
import {
  bytesWithSplices,
  type PictureHeader,
  type PictureKind,
  type Splice,
  withSplices,
} from './headers/pictureHeader.ts'
import { readHeader } from './headers/readHeader.ts'
import type { ImageHandle } from './imageHandle.ts'
import { type Attempts, inTicks } from './inTicks.ts'
import { readRaw } from './rawImage.ts'
import { readContent } from './readHandle.ts'

export interface OpenPicture {
  /** Width times height. */
  readonly pixels: number
  /** Whether its format has no transparency. */
  readonly opaque: boolean
  /** Whether its file holds one number a pixel, its grey. */
  readonly isGrey: boolean
  /** EXIF's orientation where it is left to the caller to apply, as the browser does not look at it. */
  readonly unapplied: number
  /** Off this thread; the caller closes the bitmap. Throws `images/…` with the reason. */
  decode(orientation: Preprocessing['orientation']): Promise<ImageBitmap>
  /** The same pixels without a bitmap in between, turned as `decode` turns them; null where there is no such way. */
  read(orientation: Preprocessing['orientation']): Promise<Pixels | null>
}

/** Where Pillow sees a decompression bomb and throws: twice its `Image.MAX_IMAGE_PIXELS`. */
export const maxPixels = 178_956_970

/**
 * No picture within the limit takes so long; a decoder that hangs must not hang the scan. All tries together end before
 * the page takes the worker for one that hangs (state/workers/watchdog).
 */
const attempts: Attempts = { ticks: 45, tickMs: 1000, tries: 2 }

const asStored = { premultiplyAlpha: 'none', colorSpaceConversion: 'none' } as const

/**
 * Reads the header only. `range`: what of the file has been read already. Throws `images/…` with the reason where it
 * will not be decoded.
 */
export async function openPicture(handle: ImageHandle, range: FileRange | null): Promise<OpenPicture> {
  if (typeof handle === 'object' && 'kind' in handle && handle.kind === 'raw') {
    const pixels = handle.width * handle.height
    return {
      pixels,
      opaque: true,
      isGrey: handle.channels === 1,
      unapplied: 1,
      decode: async () => bitmapOf(await readable(readRaw(handle, range))),
      read: () => readable(readRaw(handle, range)),
    }
  }
  const file = await readable(readContent(handle, range))
  const header = await readable(readHeader(file))
  const { kind, width, height } = header
  if (width * height > maxPixels) throw clauseError('images/too-large', { width, height, most: maxPixels })
  return {
    pixels: width * height,
    opaque: kind === 'JPEG',
    isGrey: header.isGrey ?? false,
    unapplied: header.isOwnTurn ? header.orientation : 1,
    decode: (orientation) => inTime(() => decode(file, header, orientation)),
    async read(orientation) {
      // What has to be turned or stilled, or may not be, goes the browser's other way.
      const isPlain = header.orientation === 1 && splicesOf(header, orientation).length === 0
      return kind === 'PNG' && isPlain && !(file instanceof Blob)
        ? inTime(() => decodePng(bytesWithSplices(file, header.filled ?? [])))
        : null
    },
  }
}

async function decode(
  file: Blob | FileRange,
  header: PictureHeader,
  orientation: Preprocessing['orientation'],
): Promise<ImageBitmap> {
  if (header.kind === 'TIFF') {
    const { decodeTiff } = await import('./decodeTiff.ts')
    // Pillow turns TIFFs always, whether it is asked to or not.
    return bitmapOf(turnUpright(await decodeTiff(withSplices(file, [])), header.orientation))
  }
  const splices = [...(header.filled ?? []), ...splicesOf(header, orientation)]
  return decoded(withSplices(file, splices), header.kind)
}

/** What must be changed in the file so that the browser turns it or keeps it still as is wanted. */
function splicesOf(header: PictureHeader, orientation: Preprocessing['orientation']): readonly Splice[] {
  const asBrowsersDo = orientation === 'apply' && !header.isOwnTurn
  return [...(header.still ?? []), ...(asBrowsersDo ? [] : header.upright)]
}

async function decoded(file: Blob, kind: PictureKind): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, asStored)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotReadableError')
      throw clauseError('images/unreadable', { reason: messageOf(error) })
    throw clauseError('images/undecodable', { kind })
  }
}

/** The very bytes, whatever their alpha. */
export function bitmapOf({ data, width, height }: Pixels): Promise<ImageBitmap> {
  const bytes = new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length)
  return createImageBitmap(new ImageData(bytes, width, height), asStored)
}

/** A file that has gone or changed meanwhile is told as such. */
async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof DOMException) throw clauseError('images/unreadable', { reason: messageOf(error) })
    throw error
  }
}

/** A bitmap that comes too late is closed. */
function inTime<T extends ImageBitmap | Pixels | null>(begin: () => Promise<T>): Promise<T> {
  return inTicks(
    begin,
    attempts,
    (picture) => picture instanceof ImageBitmap && picture.close(),
    () => clauseError('images/too-slow', { seconds: attempts.ticks, tries: attempts.tries }),
  )
}
