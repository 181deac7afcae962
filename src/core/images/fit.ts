/** @file Where pixels of the model's input come from in the picture: the inverse of the resize. */
import type { Box } from '../model/receptiveField.ts'
import type { Preprocessing } from './preprocessing.ts'

export interface Rect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** How a picture comes to lie in the model's input. */
export interface Framing extends Pick<Preprocessing, 'fit' | 'cropFraction' | 'orientation'> {
  /** Height, width, channels. */
  readonly inputShape: readonly [number, number, number]
}

export function framing(
  inputShape: readonly [number, number, number],
  { fit, cropFraction, orientation }: Preprocessing,
): Framing {
  return { inputShape, fit, cropFraction, orientation }
}

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * A box in pixels of the model's input, as a rectangle in pixels of the picture (decoded with this orientation). It
 * may reach beyond the picture.
 */
export function sourceRect(box: Box, { inputShape }: Framing, picture: Size): Rect {
  const [top, left, bottom, right] = box
  const y = picture.height / inputShape[0]
  const x = picture.width / inputShape[1]
  return { top: top * y, left: left * x, height: (bottom - top) * y, width: (right - left) * x }
}

/** The part of the picture that the network sees. */
export function seenRect(framing: Framing, picture: Size): Rect {
  const [height, width] = framing.inputShape
  return clipRect(sourceRect([0, 0, height, width], framing, picture), picture)
}

/** The part of `rect` that lies in a picture of this size. */
export function clipRect(rect: Rect, picture: Size): Rect {
  const left = Math.max(rect.left, 0)
  const top = Math.max(rect.top, 0)
  return {
    left,
    top,
    width: Math.max(0, Math.min(rect.left + rect.width, picture.width) - left),
    height: Math.max(0, Math.min(rect.top + rect.height, picture.height) - top),
  }
}
