/**
 * @file Decoded pictures that are small enough to be handed on. A picture that a scan has just decoded need not be read
 * and decoded again to be shown, which took a fourteenth of two cores for pictures of 96×96 pixels.
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

/** What a scan hands on of a decoded picture: a small one whole, a copy of a large one. */
export type HandedPicture = SmallPicture | PictureCopy

export function isCopy(picture: HandedPicture): picture is PictureCopy {
  return 'file' in picture
}

/** The objects to transfer; the files of copies are posted as they are. */
export function memoryOfPictures(pictures: readonly HandedPicture[]): ArrayBufferLike[] {
  return pictures.flatMap((picture) => (isCopy(picture) ? [] : [picture.data.buffer]))
}
