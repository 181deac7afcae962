/**
 * @file Decoded pictures that are small enough to be handed on. Whoever shows one that a scan has just decoded need not
 * read and decode it again, which of pictures of 96×96 pixels took a fourteenth of two cores.
 */
import type { Pixels } from '../../core/preprocessing/toInput.ts'
import type { PictureCopy } from './pictureCopy.ts'

export interface SmallPicture extends Pixels {
  /** The image's number in the table. */
  readonly image: number
}

/** 256 kB of RGBA. */
const mostPixels = 256 * 256

export function isSmall({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return width * height <= mostPixels
}

/** What a scan hands on of a picture that it has decoded: all of a small one, of a large one a copy. */
export type HandedPicture = SmallPicture | PictureCopy

export function isCopy(picture: HandedPicture): picture is PictureCopy {
  return 'file' in picture
}

/** To be transferred; the files of copies are handed over as they are. */
export function memoryOfPictures(pictures: readonly HandedPicture[]): ArrayBufferLike[] {
  return pictures.flatMap((picture) => (isCopy(picture) ? [] : [picture.data.buffer]))
}
