/** @file Opens a picture without decoding it: its size is checked before memory is spent on it. */
import { clauseError, messageOf } from '../../core/errors.ts'
import { turnUpright } from '../../core/preprocessing/orientation.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import { asStored } from './asStored.ts'
import { isCutOff } from './cutOffJpeg.ts'
import { decodePng, decodesExactly } from './decodePng.ts'
import { bytesOf, type FileRange } from './fileRange.ts'
import {
  bytesWithSplices,
  type PictureHeader,
  type PictureKind,
  type Splice,
  withSplices,
} from './headers/pictureHeader.ts'
import { kindFrom, readHeader } from './headers/readHeader.ts'
import type { ImageHandle } from './imageHandle.ts'
import { type Attempts, inTicks } from './inTicks.ts'
import { readRaw } from './rawImage.ts'
import { readContent } from './readHandle.ts'

export interface OpenPicture {
  /** The number of pixels: width times height. */
  readonly pixels: number
  /** Whether its format has no transparency. */
  readonly opaque: boolean
  /** Whether the file holds one number for each pixel, its grey. */
  readonly isGrey: boolean
  /** EXIF's orientation that the caller must apply, as the browser ignores it; 1 if there is nothing to apply. */
  readonly unapplied: number
  /** Whether `decode` leaves a turn to the browser: Chromium forgets it of a bitmap that is not drawn on a 2D canvas. */
  isTurnedByBrowser(orientation: Preprocessing['orientation']): boolean
  /**
   * For browsers whose bitmaps lose the colours under transparency: all pixels, or an opaque bitmap with these colours, which the caller
   * closes, or where they are black in any browser. Is null if no way to them is known. Not turned, as `decode` turns.
   */
  underneath(orientation: Preprocessing['orientation']): Promise<Pixels | ImageBitmap | 'black' | null>
  /** Decodes off this thread; the caller closes the bitmap. Throws `images/…` with the reason. */
  decode(orientation: Preprocessing['orientation']): Promise<ImageBitmap>
  /** The same pixels, decoded without a bitmap and turned as `decode` turns them. Is null if that is not possible. */
  read(orientation: Preprocessing['orientation']): Promise<Pixels | null>
}

/** Loaded when the first PNG comes. */
let pngDecoder: Promise<typeof import('./png/plainPng.ts')> | null = null

/** Loaded when the first PNG comes that neither it nor the browser decodes exactly. */
let anyPngDecoder: Promise<typeof import('./png/anyPng.ts')> | null = null

/** Above this Pillow throws, as it takes the file for a decompression bomb: twice its `Image.MAX_IMAGE_PIXELS`. */
export const maxPixels = 178_956_970

/**
 * No picture within the limit takes so long, and a decoder that hangs must not hang the scan. All tries together end
 * before the page believes that the worker hangs (state/workers/watchdog).
 */
const attempts: Attempts = { ticks: 45, tickMs: 1000, tries: 2 }

/**
 * Reads only the header. `range`: the file's bytes if they were read before. Throws `images/…` with the reason if the
 * picture will not be decoded.
 */
export async function openPicture(handle: ImageHandle, range: FileRange | null): Promise<OpenPicture> {
  if (typeof handle === 'object' && 'kind' in handle && handle.kind === 'raw') {
    const pixels = handle.width * handle.height
    return {
      pixels,
      opaque: true,
      isGrey: handle.channels === 1,
      unapplied: 1,
      isTurnedByBrowser: () => false,
      underneath: () => Promise.resolve(null),
      decode: async () => bitmapOf(await readable(readRaw(handle, range))),
      read: () => readable(readRaw(handle, range)),
    }
  }
  const file = await readable(readContent(handle, range, kindFrom))
  const header = await readable(readHeader(file))
  const { kind, width, height } = header
  if (width * height > maxPixels) throw clauseError('images/too-large', { width, height, most: maxPixels })
  return {
    pixels: width * height,
    opaque: kind === 'JPEG',
    isGrey: header.isGrey ?? false,
    unapplied: header.isOwnTurn ? header.orientation : 1,
    decode: (orientation) => inTime(() => decode(file, header, orientation)),
    isTurnedByBrowser: (orientation) =>
      orientation === 'apply' && !header.isOwnTurn && header.upright.length > 0,
    underneath: (orientation) => underneath(file, header, orientation),
    async read(orientation) {
      if (kind === 'TIFF') return inTime(() => tiffPixels(file, header))
      if (kind !== 'PNG') return null
      const turned = (pixels: Pixels): Pixels =>
        orientation === 'apply' ? turnUpright(pixels, header.orientation) : pixels
      if (!(file instanceof Blob)) {
        pngDecoder ??= import('./png/plainPng.ts')
        const plain = (await pngDecoder).decodePlainPng(file)
        if (plain) return turned(plain)
      }
      if (!(await decodesExactly())) {
        const any = await anyPng(file)
        return any && turned(any)
      }
      if (file instanceof Blob) return null
      // Pictures that must be changed in the file first are decoded by way of a bitmap.
      return header.orientation === 1 && splicesOf(header, orientation).length === 0
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
  if (header.kind === 'TIFF') return bitmapOf(await tiffPixels(file, header))
  const splices = [...(header.filled ?? []), ...(header.bare ?? []), ...splicesOf(header, orientation)]
  return decoded(withSplices(file, splices), header.kind)
}

async function underneath(
  file: Blob | FileRange,
  header: PictureHeader,
  orientation: Preprocessing['orientation'],
): ReturnType<OpenPicture['underneath']> {
  if (header.kind === 'PNG') {
    const png = await anyPng(file)
    return png && orientation === 'apply' && !header.isOwnTurn ? turnUpright(png, header.orientation) : png
  }
  const place = header.underneath ?? null
  if (place === null || place === 'black') return place
  if ('opaque' in place) return inTime(() => decoded(withSplices(file, place.opaque), header.kind))
  const part = file.slice(place.start, place.end)
  if (place.format === 'PNG') return anyPng(part)
  const { decodeLosslessWebp } = await import('./webp/losslessWebp.ts')
  return decodeLosslessWebp(await readable(bytesOf(part)))
}

async function anyPng(file: Blob | FileRange): Promise<Pixels | null> {
  anyPngDecoder ??= import('./png/anyPng.ts')
  return (await anyPngDecoder).decodeAnyPng(await readable(bytesOf(file)))
}

async function tiffPixels(file: Blob | FileRange, header: PictureHeader): Promise<Pixels> {
  const { decodeTiff } = await import('./decodeTiff.ts')
  // Pillow always turns TIFFs, whether it is asked to or not.
  return turnUpright(await decodeTiff(withSplices(file, [])), header.orientation)
}

/** The changes to the file that make the browser turn the picture, or not, and show one still picture. */
function splicesOf(header: PictureHeader, orientation: Preprocessing['orientation']): readonly Splice[] {
  const asBrowsersDo = orientation === 'apply' && !header.isOwnTurn
  return [...(header.still ?? []), ...(asBrowsersDo ? [] : header.upright)]
}

async function decoded(file: Blob, kind: PictureKind): Promise<ImageBitmap> {
  try {
    if (kind === 'JPEG' && (await isCutOff(file))) throw clauseError('images/undecodable', { kind })
    return await createImageBitmap(file, asStored)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotReadableError')
      throw clauseError('images/unreadable', { reason: messageOf(error) })
    throw clauseError('images/undecodable', { kind })
  }
}

/** Decodes the colours as they are in the file, whatever their alpha. */
export function bitmapOf({ data, width, height }: Pixels): Promise<ImageBitmap> {
  const bytes = new Uint8ClampedArray(data.buffer as ArrayBuffer, data.byteOffset, data.length)
  return createImageBitmap(new ImageData(bytes, width, height), asStored)
}

/** Reports a file that was removed or changed meanwhile as such. */
async function readable<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof DOMException) throw clauseError('images/unreadable', { reason: messageOf(error) })
    throw error
  }
}

/** Closes a bitmap that comes too late. */
function inTime<T extends ImageBitmap | Pixels | null>(begin: () => Promise<T>): Promise<T> {
  return inTicks(
    begin,
    attempts,
    (picture) => picture instanceof ImageBitmap && picture.close(),
    () => clauseError('images/too-slow', { seconds: attempts.ticks, tries: attempts.tries }),
  )
}
