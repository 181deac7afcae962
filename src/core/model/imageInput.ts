/** @file The image that a network takes, in any format of model: channels, rows and columns, which a file may leave open. */
import type { MapShape, Pair } from './network.ts'

export interface ImageInput {
  readonly shape: MapShape
  /** The file leaves rows or columns open. */
  readonly openSize: boolean
}

/** Rows and columns if the file leaves them open and the user has not chosen any: what most networks are trained with. */
const usualSize: Pair = [224, 224]

/**
 * `height` and `width` are null if the file leaves them open; `chosen` is the user's size for that case. Throws a plain Error, a
 * clause, if that is no size.
 */
export function imageInput(
  height: number | null,
  width: number | null,
  channels: number,
  chosen: Pair | null,
): ImageInput {
  const [rows, columns] = chosen ?? usualSize
  if (![height ?? 1, width ?? 1, channels].every((length) => Number.isSafeInteger(length) && length >= 1))
    throw new Error(`its input has shape [${height ?? '?'}, ${width ?? '?'}, ${channels}], which is no image`)
  return {
    shape: [height ?? rows, width ?? columns, channels],
    openSize: height === null || width === null,
  }
}

/** Whether pictures have so many channels: grey, RGB or RGBA. Tells the image from a network's other inputs. */
export function isChannelCountOfImages(channels: number | null | undefined): boolean {
  return channels === 1 || channels === 3 || channels === 4
}
