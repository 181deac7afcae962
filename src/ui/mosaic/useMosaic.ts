/** @file Draws a channel's mosaic on a canvas and keeps it up to date while the scan runs. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import type { MosaicLayout } from '../../core/mosaic/layout.ts'
import { patchesOf } from '../../state/mosaics.ts'
import { useApp, useAppStore } from '../useApp.ts'

export interface ShownMosaic {
  readonly canvas: RefObject<HTMLCanvasElement | null>
  /** Ranks of the patches that have come in with the last drawing, while a scan runs. */
  readonly fresh: readonly number[]
  /** Of what is drawn now. */
  readonly version: number
}

/** `layout` is in device pixels; the canvas keeps its size in CSS pixels whatever is drawn. */
export function useMosaic(layer: string, channel: number, layout: MosaicLayout): ShownMosaic {
  const { getState, services } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const shownImages = useRef<ReadonlySet<number>>(new Set())
  const [fresh, setFresh] = useState<readonly number[]>([])
  const version = useApp((state) => state.results.get(layer)?.versions[channel] ?? 0)
  const { side, patch, gap } = layout
  const key = `${layer}/${channel}/${side}/${patch}`

  useEffect(() => {
    let wanted = true
    const draw = (): void => {
      const mosaic = services.mosaics.peek(key)
      if (!canvas.current || !mosaic) return
      const { bitmap } = mosaic
      canvas.current.width = bitmap.width
      canvas.current.height = bitmap.height
      canvas.current.getContext('2d')!.drawImage(bitmap, 0, 0)
    }
    const update = async (): Promise<void> => {
      const { model, results, report, scan } = getState()
      const result = results.get(layer)
      if (!model || !result || version === 0) {
        canvas.current?.getContext('2d')!.clearRect(0, 0, canvas.current.width, canvas.current.height)
        return
      }
      draw()
      const patches = patchesOf(model, layer, result, channel)
      const render = (): Promise<ImageBitmap> =>
        services.gallery.mosaic(patches, model.network.inputShape, { side, patch, gap })
      try {
        if (!(await services.mosaics.refresh(key, version, render, () => wanted)) || !wanted) return
        draw()
        const before = shownImages.current
        shownImages.current = new Set(patches.map(({ image }) => image))
        const news = [...patches.keys()].filter((rank) => !before.has(patches[rank]!.image))
        // A mosaic that is new as a whole has no news.
        setFresh(scan.status === 'running' && news.length < patches.length / 2 ? news : [])
      } catch (error) {
        report(error)
      }
    }
    void update()
    return () => {
      wanted = false
    }
  }, [key, version, layer, channel, side, patch, gap, getState, services])
  return { canvas, fresh, version }
}
