/** @file A kernel as a small picture, a square for each weight. */
import { useMemo } from 'react'
import { bitmapFile } from '../../core/reasons/bitmapFile.ts'

interface Props {
  rows: number
  columns: number
  /** RGBA, `[rows, columns, 4]`. They must be the same object until they change. */
  pixels: Uint8ClampedArray
  /** CSS pixels of its longer side. */
  extent: number
  /** What a screen reader says; without it the picture is left out there. */
  label?: string
}

/** It is no canvas: the browser keeps a layer for each of those, and 24 new ones took the page a whole frame. */
export function KernelPicture({ rows, columns, pixels, extent, label = '' }: Props) {
  const url = useMemo(() => {
    const bytes = bitmapFile(rows, columns, pixels)
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
    return `data:image/bmp;base64,${btoa(text)}`
  }, [rows, columns, pixels])
  const scale = extent / Math.max(rows, columns)
  return (
    <img
      className="kernel-picture"
      src={url}
      alt={label}
      draggable={false}
      style={{ width: columns * scale, height: rows * scale }}
    />
  )
}
