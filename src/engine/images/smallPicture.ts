/**
 * @file Decoded pictures that are small enough to be handed on. Whoever shows one that a scan has just decoded need not
 * read and decode it again, which of pictures of 96×96 pixels took a fourteenth of two cores.
 */
import type { Pixels } from '../../core/images/toInput.ts'

export interface SmallPicture extends Pixels {
  /** The image's number in the table. */
  readonly image: number
}

/** 256 kB of RGBA. */
const mostPixels = 256 * 256

export function isSmall({ width, height }: { readonly width: number; readonly height: number }): boolean {
  return width * height <= mostPixels
}
