/**
 * @file The pixels of a patch for a figure: those of the picture as they are, unless they are more than the figure is to have.
 * So a figure holds no pixel that the picture does not have, and a viewer may enlarge it as far as it likes.
 */
import { clipRect, type Framing, sourceRect } from '../../../core/preprocessing/fit.ts'
import type { Box } from '../../../core/model/receptiveField.ts'
import type { StoredPicture } from '../pictureStore.ts'
import { renderMissing, renderPatch } from '../renderPatch.ts'

export interface CutPatch {
  /** Opaque, or null if nothing of the picture is in the patch. */
  readonly pixels: OffscreenCanvas | null
  /** Where the pixels lie, as shares of the side of the patch. Whole pixels may reach beyond it: that is cut off. */
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
  /** What is around the pixels; null if they fill the patch. */
  readonly ground: string | null
}

const whole = { left: 0, top: 0, width: 1, height: 1, ground: null } as const
/** The grey of `renderPatch` on white paper. */
const beyond = '#d3d3d3'

/** Cuts the box `[top, left, bottom, right]` of the model's input out of the picture, at most `most` pixels wide and high. */
export function cutPatch(picture: StoredPicture, box: Box, framing: Framing, most: number): CutPatch {
  const wanted = sourceRect(box, framing, picture)
  if (wanted.width > most || wanted.height > most)
    return {
      ...whole,
      pixels: onWhite(most, (context) => renderPatch(context, picture, box, framing, 0, 0, most)),
    }
  const visible = clipRect(wanted, picture)
  if (visible.width <= 0 || visible.height <= 0) return { ...whole, pixels: null, ground: beyond }
  const left = Math.floor(visible.left)
  const top = Math.floor(visible.top)
  const width = Math.min(picture.width, Math.ceil(visible.left + visible.width)) - left
  const height = Math.min(picture.height, Math.ceil(visible.top + visible.height)) - top
  const pixels = new OffscreenCanvas(width, height)
  pixels.getContext('2d')!.drawImage(picture.bitmap, left, top, width, height, 0, 0, width, height)
  return {
    pixels,
    left: (left - wanted.left) / wanted.width,
    top: (top - wanted.top) / wanted.height,
    width: width / wanted.width,
    height: height / wanted.height,
    ground: visible.width < wanted.width || visible.height < wanted.height ? beyond : null,
  }
}

/** The mark in the place of a patch whose picture cannot be read any more. */
export function cutMissing(size: number): CutPatch {
  return { ...whole, pixels: onWhite(size, (context) => renderMissing(context, 0, 0, size)) }
}

function onWhite(size: number, draw: (context: OffscreenCanvasRenderingContext2D) => void): OffscreenCanvas {
  const drawn = new OffscreenCanvas(size, size)
  draw(drawn.getContext('2d')!)
  const pixels = new OffscreenCanvas(size, size)
  const context = pixels.getContext('2d')!
  context.fillStyle = '#fff'
  context.fillRect(0, 0, size, size)
  context.drawImage(drawn, 0, 0)
  return pixels
}
