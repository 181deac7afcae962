/** @file A row or two of small patches, drawn by the gallery into one picture. */
import { useEffect, useRef } from 'react'
import { framing } from '../../core/images/fit.ts'
import { type MosaicLayout, mosaicExtent } from '../../core/mosaic/layout.ts'
import { hashOfImage } from '../../core/scan/imageSample.ts'
import type { RenderMosaic } from '../../state/mosaicCache.ts'
import { type Patch, requestsOf, showsToEdge } from '../../state/mosaics.ts'
import { inputShapeOf, preprocessingOf } from '../../state/shown.ts'
import { useApp, useAppStore } from '../useApp.ts'

interface Props {
  /** Of the mosaic: layer, channel and which patches. */
  name: string
  /** Row by row. */
  patches: readonly Patch[]
  columns: number
  /** CSS pixels. */
  width: number
  label: string
}

export function ChannelStatisticsStrip({ name, patches, columns, width, label }: Props) {
  const { getState, services } = useAppStore()
  const preprocessing = useApp(preprocessingOf)
  const inputShape = useApp(inputShapeOf)!
  const toEdge = useApp((state) => state.layer !== null && showsToEdge(state, state.layer))
  const canvas = useRef<HTMLCanvasElement>(null)
  const ratio = devicePixelRatio
  const gap = Math.max(1, Math.round(ratio))
  const patch = Math.floor((width * ratio - (columns - 1) * gap) / columns)
  const rows = Math.ceil(patches.length / columns)
  const height = rows * (patch + gap) - gap
  const extent = mosaicExtent({ side: columns, patch, gap })
  const version = versionOf(patches)
  const key = `${name}/${columns}/${patch}${toEdge ? '/edge' : ''}`

  useEffect(() => {
    let wanted = true
    const layout: MosaicLayout = { side: columns, patch, gap }
    const update = async (): Promise<void> => {
      const frame = framing(inputShape, preprocessing)
      const render: RenderMosaic = (onDraft) =>
        services.gallery.mosaic(
          requestsOf(patches, inputShape, toEdge),
          frame,
          layout,
          onDraft && { onDraft },
        )
      const draw = (): void => {
        const mosaic = services.mosaics.peek(key)
        if (!wanted || !canvas.current || !mosaic) return
        canvas.current.width = extent
        canvas.current.height = height
        canvas.current.getContext('2d')!.drawImage(mosaic.bitmap, 0, 0)
      }
      if (await services.mosaics.refresh(key, version, render, () => wanted, draw)) draw()
    }
    update().catch(getState().report)
    return () => {
      wanted = false
    }
  }, [
    key,
    version,
    patches,
    columns,
    patch,
    gap,
    extent,
    height,
    inputShape,
    preprocessing,
    toEdge,
    getState,
    services,
  ])

  return (
    <canvas
      ref={canvas}
      className="statistics-strip"
      role="img"
      aria-label={label}
      width={1}
      height={1}
      style={{ width: extent / ratio, height: height / ratio }}
    />
  )
}

/** A number that changes with the patches. */
function versionOf(patches: readonly Patch[]): number {
  let version = patches.length
  for (const { image, unit } of patches)
    for (const part of [image, ...unit]) version = hashOfImage(version ^ (part + 1))
  return version
}
