/** @file Shows a channel's mosaic on a canvas and keeps it up to date while the scan runs. */
import { type RefObject, useEffect, useRef, useState } from 'react'
import { framing } from '../../core/images/fit.ts'
import type { MosaicLayout } from '../../core/mosaic/layout.ts'
import { gather } from '../common/gather.ts'
import type { CachedMosaic } from '../../state/mosaicCache.ts'
import { patchesOf } from '../../state/mosaics.ts'
import { useAppStore } from '../useApp.ts'
import type { ChannelNews } from './useChannelNews.ts'

/**
 * How long a patch that has just come in is outlined. The outline comes and goes and is not animated: a page full of
 * CSS animations took a quarter of the machine from the scan (2 cores, software compositing: 66 instead of 88 images/s).
 */
const freshMs = 900

const noRanks: readonly number[] = []

/** Shorter than it takes to see that tiles change one by one. */
const newOnes = gather(200)

export interface Mosaic {
  readonly canvas: RefObject<HTMLCanvasElement | null>
  /** Ranks of patches that have just come in. */
  readonly fresh: readonly number[]
}

/** `layout` is in device pixels; the canvas keeps its size in CSS pixels whatever it shows. */
export function useMosaic(
  { layer, channel, version }: Pick<ChannelNews, 'layer' | 'channel' | 'version'>,
  layout: MosaicLayout,
): Mosaic {
  const { getState, services } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const shownMosaic = useRef<CachedMosaic | null>(null)
  const shownImages = useRef<ReadonlySet<number>>(new Set())
  const [fresh, setFresh] = useState(noRanks)
  const { side, patch, gap } = layout
  const key = `${layer}/${channel}/${side}/${patch}`

  useEffect(() => {
    let wanted = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const show = async (): Promise<void> => {
      const mosaic = services.mosaics.peek(key)
      if (!mosaic || mosaic === shownMosaic.current) return
      // The cache keeps its own.
      const copy = await createImageBitmap(mosaic.bitmap)
      if (shownMosaic.current) await newOnes()
      if (!wanted) return copy.close()
      showBitmap(canvas.current, copy)
      shownMosaic.current = mosaic
    }
    const update = async (): Promise<void> => {
      const { model, results, preprocessing, scan } = getState()
      const result = results.get(layer)
      if (!model || !result || version === 0) {
        shownMosaic.current = null
        setFresh(noRanks)
        return showBitmap(canvas.current, null)
      }
      // An old one, until the new one is there.
      const old = show()
      const patches = patchesOf(model, layer, result, channel)
      const render = (): Promise<ImageBitmap> =>
        services.gallery.mosaic(patches, framing(model.network.inputShape, preprocessing), {
          side,
          patch,
          gap,
        })
      if (!(await services.mosaics.refresh(key, version, render, () => wanted)) || !wanted) return old
      await old
      const before = shownImages.current
      shownImages.current = new Set(patches.map(({ image }) => image))
      const news = [...patches.keys()].filter((rank) => !before.has(patches[rank]!.image))
      await show()
      if (!wanted) return
      // A mosaic that is new as a whole has no news.
      const isNews = scan.status === 'running' && news.length < patches.length / 2 && !prefersCalm()
      if (!isNews || news.length === 0) return setFresh(noRanks)
      setFresh(news)
      timer = setTimeout(() => setFresh(noRanks), freshMs)
    }
    update().catch(getState().report)
    return () => {
      wanted = false
      clearTimeout(timer)
    }
  }, [key, version, layer, channel, side, patch, gap, getState, services])
  return { canvas, fresh }
}

/**
 * Hands the bitmap over. A canvas of this kind costs nothing in frames in which it does not change; one that is drawn on
 * with a 2-D context took a tenth of a millisecond of the page in every frame, with fifty of them on the screen.
 */
function showBitmap(canvas: HTMLCanvasElement | null, bitmap: ImageBitmap | null): void {
  if (!canvas) return bitmap?.close()
  if (bitmap && (canvas.width !== bitmap.width || canvas.height !== bitmap.height)) {
    canvas.width = bitmap.width
    canvas.height = bitmap.height
  }
  canvas.getContext('bitmaprenderer')!.transferFromImageBitmap(bitmap)
}

function prefersCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
