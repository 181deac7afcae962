/** @file A picture of few pixels, enlarged without smoothing. */
import { useEffect, useRef } from 'react'
import type { ShownPicture } from '../../engine/reasons/synthesis.ts'
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
  const { data, width, height } = picture
  useEffect(() => {
    canvas.current!.getContext('2d')!.putImageData(new ImageData(data, width, height), 0, 0)
  }, [data, width, height])
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
