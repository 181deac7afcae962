/** @file The canvas of a mosaic, and how a bitmap is put on it. */
import type { RefObject } from 'react'
import { mosaicExtent, type MosaicLayout, slotOrigin } from '../../core/mosaic/layout.ts'

interface Props {
  canvas: RefObject<HTMLCanvasElement | null>
  /** In device pixels. */
  layout: MosaicLayout
}

export function MosaicCanvas({ canvas, layout }: Props) {
  const css = (pixels: number): string => `${pixels / devicePixelRatio}px`
  const size = css(mosaicExtent(layout))
  const pitch = css(layout.patch + layout.gap)
  return (
    <canvas
      ref={canvas}
      className="mosaic-canvas"
      // It is one pixel wide until there is something on it.
      width={1}
      height={1}
      style={{
        width: size,
        height: size,
        // Cells are empty until there are patches.
        backgroundImage: `linear-gradient(transparent ${css(layout.patch)}, var(--page) 0), linear-gradient(90deg, transparent ${css(layout.patch)}, var(--page) 0)`,
        backgroundSize: `${pitch} ${pitch}`,
      }}
    />
  )
}

/**
 * Hands the bitmap over; null empties the canvas. A canvas of this kind costs nothing in frames in which it does not change; one
 * that is drawn on with a 2-D context took a tenth of a millisecond of the page in every frame, with fifty on the screen.
 */
export function showBitmap(canvas: HTMLCanvasElement | null, bitmap: ImageBitmap | null): void {
  if (!canvas) return bitmap?.close()
  if (bitmap && (canvas.width !== bitmap.width || canvas.height !== bitmap.height)) {
    canvas.width = bitmap.width
    canvas.height = bitmap.height
  }
  canvas.getContext('bitmaprenderer')!.transferFromImageBitmap(bitmap)
}

/** The accent of the dark theme: it is seen on pictures in both. */
const glow = '#f2994a'
/** CSS pixels. */
const glowWidth = 2

let drawing: OffscreenCanvasRenderingContext2D | null = null

/**
 * A copy of a mosaic with the patches of these ranks outlined. It is drawn on the bitmap, as elements above a canvas are layers
 * of their own: they took 2 % of two cores from a scan.
 */
export function outlined(mosaic: ImageBitmap, ranks: readonly number[], layout: MosaicLayout): ImageBitmap {
  drawing ??= new OffscreenCanvas(1, 1).getContext('2d')!
  const { canvas } = drawing
  if (canvas.width !== mosaic.width || canvas.height !== mosaic.height) {
    canvas.width = mosaic.width
    canvas.height = mosaic.height
  }
  const width = Math.round(glowWidth * devicePixelRatio)
  drawing.drawImage(mosaic, 0, 0)
  drawing.strokeStyle = glow
  drawing.lineWidth = width
  for (const rank of ranks) {
    const { x, y } = slotOrigin(layout, rank)
    drawing.strokeRect(x + width / 2, y + width / 2, layout.patch - width, layout.patch - width)
  }
  // Leaves the canvas empty.
  return canvas.transferToImageBitmap()
}
