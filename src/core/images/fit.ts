/** @file Where pixels of the model's input come from in the picture: the inverse of the resize. */
import type { Box } from '../model/receptiveField.ts'

export interface Rect {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** A box in pixels of the model's input, as a rectangle in pixels of the picture; `fit: 'stretch'`. */
export function sourceRect(
  box: Box,
  inputShape: readonly [number, number, number],
  picture: { readonly width: number; readonly height: number },
): Rect {
  const [top, left, bottom, right] = box
  const y = picture.height / inputShape[0]
  const x = picture.width / inputShape[1]
  return { top: top * y, left: left * x, height: (bottom - top) * y, width: (right - left) * x }
}

/** The part of `rect` that lies in a picture of this size. */
export function clipRect(rect: Rect, picture: { readonly width: number; readonly height: number }): Rect {
  const left = Math.max(rect.left, 0)
  const top = Math.max(rect.top, 0)
  return {
    left,
    top,
    width: Math.max(0, Math.min(rect.left + rect.width, picture.width) - left),
    height: Math.max(0, Math.min(rect.top + rect.height, picture.height) - top),
  }
}
