/** @file A kernel as a small picture, a square for each weight. */
import { useEffect, useRef } from 'react'
import { untilCleanup } from '../common/untilCleanup.ts'
import { showBitmap } from '../mosaic/MosaicCanvas.tsx'
import { useAppStore } from '../useApp.ts'

interface Props {
  rows: number
  columns: number
  /** RGBA, `[rows, columns, 4]`. They must be the same object until they change. */
  pixels: Uint8ClampedArray<ArrayBuffer>
  /** CSS pixels of its longer side. */
  extent: number
  /** What a screen reader says; without it the picture is left out there. */
  label?: string
}

export function KernelPicture({ rows, columns, pixels, extent, label }: Props) {
  const { getState } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(
    () =>
      untilCleanup(async (signal) => {
        const bitmap = await createImageBitmap(new ImageData(pixels, columns, rows))
        if (signal.aborted) bitmap.close()
        else showBitmap(canvas.current, bitmap)
      }, getState().report),
    [pixels, rows, columns, getState],
  )
  const scale = extent / Math.max(rows, columns)
  return (
    <canvas
      ref={canvas}
      className="kernel-picture"
      width={1}
      height={1}
      style={{ width: columns * scale, height: rows * scale }}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  )
}
