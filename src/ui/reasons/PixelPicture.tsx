/** @file A picture of few pixels, enlarged without smoothing. */
import { useEffect, useRef } from 'react'
import type { ShownPicture } from '../../engine/reasons/synthesis.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { showBitmap } from '../mosaic/MosaicCanvas.tsx'
import { useAppStore } from '../useApp.ts'
import './pixelPicture.css'

interface Props {
  picture: ShownPicture
  /** Says what is on it; without one it is decoration. */
  label?: string
  /** CSS pixels of the longer side. */
  extent: number
}

export function PixelPicture({ picture, label, extent }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { getState } = useAppStore()
  const { data, width, height } = picture
  useEffect(
    () =>
      untilCleanup(async (signal) => {
        const bitmap = await createImageBitmap(new ImageData(data, width, height))
        showBitmap(signal.aborted ? null : canvas.current, bitmap)
      }, getState().report),
    [data, width, height, getState],
  )
  const scale = extent / Math.max(width, height)
  return (
    <canvas
      ref={canvas}
      className="pixel-picture"
      width={width}
      height={height}
      style={{ width: width * scale, height: height * scale }}
      {...(label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label })}
    />
  )
}
