/** @file One patch, cut from the picture itself: sharper than what the network saw where the picture is larger. */
import { clipRect, type Framing, sourceRect } from '../../core/images/fit.ts'
import type { Box } from '../../core/model/receptiveField.ts'

/** Where a box hangs over the picture's edge: the network saw zeros there, not a picture. */
const outside = 'rgba(128, 128, 128, 0.35)'

type Context = OffscreenCanvasRenderingContext2D

/** Draws the box `[top, left, bottom, right]` of the model's input into a square of `size` pixels at (x, y). */
export function renderPatch(
  context: Context,
  picture: ImageBitmap,
  box: Box,
  framing: Framing,
  x: number,
  y: number,
  size: number,
): void {
  const wanted = sourceRect(box, framing, picture)
  const visible = clipRect(wanted, picture)
  const scaleX = size / wanted.width
  const scaleY = size / wanted.height
  context.clearRect(x, y, size, size)
  if (visible.width < wanted.width || visible.height < wanted.height) {
    context.fillStyle = outside
    context.fillRect(x, y, size, size)
  }
  if (visible.width <= 0 || visible.height <= 0) return
  // Enlarged pixels stay pixels; a large patch made small is averaged.
  context.imageSmoothingEnabled = scaleX < 1 || scaleY < 1
  context.imageSmoothingQuality = 'high'
  context.drawImage(
    picture,
    visible.left,
    visible.top,
    visible.width,
    visible.height,
    x + (visible.left - wanted.left) * scaleX,
    y + (visible.top - wanted.top) * scaleY,
    visible.width * scaleX,
    visible.height * scaleY,
  )
}
