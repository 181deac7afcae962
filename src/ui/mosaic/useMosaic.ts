/** @file Draws a channel's mosaic on a canvas and keeps it up to date while the scan runs. */
import { type RefObject, useEffect, useRef } from 'react'
import type { MosaicLayout } from '../../core/mosaic/layout.ts'
import { patchesOf } from '../../state/mosaics.ts'
import { useApp, useAppStore } from '../useApp.ts'

/** `layout` is in device pixels; the canvas keeps its size in CSS pixels whatever is drawn. */
export function useMosaic(
  layer: string,
  channel: number,
  layout: MosaicLayout,
): RefObject<HTMLCanvasElement | null> {
  const { getState, services } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const version = useApp((state) => state.results.get(layer)?.versions[channel] ?? 0)
  const key = `${layer}/${channel}/${layout.side}/${layout.patch}`

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
      const { model, results, report } = getState()
      const result = results.get(layer)
      if (!model || !result || version === 0) {
        canvas.current?.getContext('2d')!.clearRect(0, 0, canvas.current.width, canvas.current.height)
        return
      }
      draw()
      const render = (): Promise<ImageBitmap> =>
        services.gallery.mosaic(patchesOf(model, layer, result, channel), model.network.inputShape, layout)
      try {
        if ((await services.mosaics.refresh(key, version, render, () => wanted)) && wanted) draw()
      } catch (error) {
        report(error)
      }
    }
    void update()
    return () => {
      wanted = false
    }
    // The layout is in the key.
  }, [key, version, layer, channel, getState, services])
  return canvas
}
