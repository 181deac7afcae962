/** @file Draws a channel's mosaic on a canvas and keeps it up to date while the scan runs. */
import { framing } from '../../core/images/fit.ts'
import { type RefObject, useEffect, useRef } from 'react'
import { type MosaicLayout, slotOrigin } from '../../core/mosaic/layout.ts'
import type { CachedMosaic } from '../../state/mosaicCache.ts'
import { patchesOf } from '../../state/mosaics.ts'
import { useAppStore } from '../useApp.ts'
import type { ChannelNews } from './useChannelNews.ts'

/**
 * How long a patch that has just come in is outlined. The outline is drawn and taken away again, not animated: a
 * page full of CSS animations took a quarter of the machine from the scan (2 cores, software compositing: 66 instead
 * of 88 images/s).
 */
const freshMs = 900
/** The accent of the dark theme: it is seen on pictures in both. */
const outlineColour = '#f2994a'

/** `layout` is in device pixels; the canvas keeps its size in CSS pixels whatever is drawn. */
export function useMosaic(
  { layer, channel, version }: Pick<ChannelNews, 'layer' | 'channel' | 'version'>,
  layout: MosaicLayout,
): RefObject<HTMLCanvasElement | null> {
  const { getState, services } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const shownMosaic = useRef<CachedMosaic | null>(null)
  const shownImages = useRef<ReadonlySet<number>>(new Set())
  const { side, patch, gap } = layout
  const key = `${layer}/${channel}/${side}/${patch}`

  useEffect(() => {
    let wanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const draw = (outlined: readonly number[] = []): void => {
      const mosaic = services.mosaics.peek(key)
      if (!canvas.current || !mosaic) return
      shownMosaic.current = mosaic
      const { bitmap } = mosaic
      // A new size is a new buffer, also where it is the old one.
      if (canvas.current.width !== bitmap.width || canvas.current.height !== bitmap.height) {
        canvas.current.width = bitmap.width
        canvas.current.height = bitmap.height
      }
      const context = canvas.current.getContext('2d')!
      context.clearRect(0, 0, bitmap.width, bitmap.height)
      context.drawImage(bitmap, 0, 0)
      if (outlined.length === 0) return
      const line = 2 * devicePixelRatio
      context.strokeStyle = outlineColour
      context.lineWidth = line
      for (const rank of outlined) {
        const { x, y } = slotOrigin({ side, patch, gap }, rank)
        context.strokeRect(x + line / 2, y + line / 2, patch - line, patch - line)
      }
    }
    const update = async (): Promise<void> => {
      const { model, results, preprocessing, report, scan } = getState()
      const result = results.get(layer)
      if (!model || !result || version === 0) {
        canvas.current?.getContext('2d')!.clearRect(0, 0, canvas.current.width, canvas.current.height)
        shownMosaic.current = null
        return
      }
      // An old one, until the new one is there.
      if (services.mosaics.peek(key) !== shownMosaic.current) draw()
      const patches = patchesOf(model, layer, result, channel)
      const render = (): Promise<ImageBitmap> =>
        services.gallery.mosaic(patches, framing(model.network.inputShape, preprocessing), {
          side,
          patch,
          gap,
        })
      try {
        if (!(await services.mosaics.refresh(key, version, render, () => wanted)) || !wanted) return
      } catch (error) {
        report(error)
        return
      }
      const before = shownImages.current
      shownImages.current = new Set(patches.map(({ image }) => image))
      const news = [...patches.keys()].filter((rank) => !before.has(patches[rank]!.image))
      // A mosaic that is new as a whole has no news.
      const outline = scan.status === 'running' && news.length < patches.length / 2 && !prefersCalm()
      draw(outline ? news : [])
      if (outline && news.length > 0) timer = setTimeout(draw, freshMs)
    }
    void update()
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [key, version, layer, channel, side, patch, gap, getState, services])
  return canvas
}

function prefersCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
