/** @file Draws one patch, cut from the picture itself: sharper than what the network saw if the picture is larger. */
import { clipRect, type Framing, sourceRect } from '../../core/preprocessing/fit.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import type { StoredPicture } from './pictureStore.ts'

/** Fills the part of a box beyond the picture's edge: the network saw zeros there, not a picture. */
const outside = 'rgba(128, 128, 128, 0.35)'

type Context = OffscreenCanvasRenderingContext2D

/** Draws the box `[top, left, bottom, right]` of the model's input into a square of `size` pixels at (x, y). */
export function renderPatch(
  context: Context,
  picture: StoredPicture,
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
  const [pixelsX, pixelsY] = density(picture)
  context.clearRect(x, y, size, size)
  if (visible.width < wanted.width || visible.height < wanted.height) {
    context.fillStyle = outside
    context.fillRect(x, y, size, size)
  }
  if (visible.width <= 0 || visible.height <= 0) return
  // Enlarged pixels stay squares, unless they are a copy's; a large patch that is made small is averaged.
  context.imageSmoothingEnabled = scaleX < 1 || scaleY < 1 || pixelsX < 1
  context.imageSmoothingQuality = 'high'
  context.drawImage(
    picture.bitmap,
    visible.left * pixelsX,
    visible.top * pixelsY,
    visible.width * pixelsX,
    visible.height * pixelsY,
    x + (visible.left - wanted.left) * scaleX,
    y + (visible.top - wanted.top) * scaleY,
    visible.width * scaleX,
    visible.height * scaleY,
  )
}

/** The patch as a bitmap of its own. */
export function patchBitmap(picture: StoredPicture, box: Box, framing: Framing, size: number): ImageBitmap {
  const canvas = new OffscreenCanvas(size, size)
  renderPatch(canvas.getContext('2d')!, picture, box, framing, 0, 0, size)
  return canvas.transferToImageBitmap()
}

/** Whether a patch of this size would not be sharper if it were cut from the picture itself. */
export function isSharp(picture: StoredPicture, box: Box, framing: Framing, size: number): boolean {
  const [pixelsX, pixelsY] = density(picture)
  if (pixelsX >= 1 && pixelsY >= 1) return true
  const { width, height } = sourceRect(box, framing, picture)
  return width * pixelsX >= size && height * pixelsY >= size
}

/** The pixels of the bitmap for one pixel of the picture: less than one if it is a copy. */
function density({ bitmap, width, height }: StoredPicture): readonly [x: number, y: number] {
  return [bitmap.width / width, bitmap.height / height]
}

/** Draws a mark in the place of a patch whose picture cannot be read any more. */
export function renderMissing(context: Context, x: number, y: number, size: number): void {
  context.clearRect(x, y, size, size)
  context.fillStyle = outside
  context.fillRect(x, y, size, size)
  context.strokeStyle = 'rgba(128, 128, 128, 0.9)'
  context.lineWidth = Math.max(1, size / 32)
  context.beginPath()
  context.moveTo(x + size * 0.3, y + size * 0.3)
  context.lineTo(x + size * 0.7, y + size * 0.7)
  context.moveTo(x + size * 0.7, y + size * 0.3)
  context.lineTo(x + size * 0.3, y + size * 0.7)
  context.stroke()
}
