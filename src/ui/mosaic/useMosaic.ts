/** @file Shows a channel's mosaic on a canvas and keeps it up to date while the scan runs. */
import { type RefObject, useEffect, useRef } from 'react'
import type { MosaicLayout } from '../../core/mosaic/layout.ts'
import { gather } from '../common/gather.ts'
import type { CachedMosaic } from '../../state/mosaic/mosaicCache.ts'
import { shownTop } from '../../state/mosaic/alike.ts'
import { findAlike } from '../../state/mosaic/findAlike.ts'
import { patchesAt } from '../../state/mosaic/patches.ts'
import { patchSources } from '../../state/selectors/patchSources.ts'
import { resultOf } from '../../state/selectors/shown.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { outlined, showBitmap } from './MosaicCanvas.tsx'
import { patchRenderer } from './patchRenderer.ts'
import type { ChannelNews } from './useChannelNews.ts'

/** How long a patch that has just come in is outlined. It comes and goes and is not animated: a frame costs milliseconds. */
const glowMs = 900

/** Is too short for the eye to see that tiles change one by one. */
const newOnes = gather(200)

interface MosaicOptions {
  /** Whether patches of large photos are cut from the photos themselves, a little later. */
  readonly sharp?: boolean
  /** How many patches there are at most, if it is another number than in the mosaics of the grid. */
  readonly most?: number
}

/** `layout` is in device pixels; the canvas keeps its size in CSS pixels whatever it shows. */
export function useMosaic(
  { layer, channel, version }: Pick<ChannelNews, 'layer' | 'channel' | 'version'>,
  layout: MosaicLayout,
  { sharp = false, most }: MosaicOptions = {},
): RefObject<HTMLCanvasElement | null> {
  const { getState, services } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const shownMosaic = useRef<CachedMosaic | null>(null)
  const shownImages = useRef<ReadonlySet<number>>(new Set())
  const usual = useApp((state) => state.k)
  const k = most ?? usual
  const { side, patch, gap } = layout
  const toEdge = useApp((state) => state.toEdge)
  const once = useApp((state) => state.alikeOnce)
  const key = `${layer}/${channel}/${k}/${patch}${sharp ? '/sharp' : ''}${toEdge ? '/edge' : ''}${once ? '/once' : ''}`

  useEffect(() => {
    /** Shows a copy of the mosaic in the cache, with these patches outlined. */
    const draw = (mosaic: CachedMosaic, ranks: readonly number[]): void => {
      showBitmap(canvas.current, outlined(mosaic.bitmap, ranks, { side, patch, gap }))
      shownMosaic.current = mosaic
    }
    const show = async (signal: AbortSignal, ranks: readonly number[] = []): Promise<void> => {
      if (services.mosaics.peek(key) === shownMosaic.current) return
      if (shownMosaic.current) await newOnes()
      const mosaic = services.mosaics.peek(key)
      if (signal.aborted || !mosaic) return
      draw(mosaic, ranks)
      if (ranks.length > 0)
        setTimeout(() => {
          if (!signal.aborted && services.mosaics.peek(key) === mosaic) draw(mosaic, [])
        }, glowMs)
    }
    const update = async (signal: AbortSignal, isAgain = false): Promise<void> => {
      const state = getState()
      const result = resultOf(state, layer)
      const sources = patchSources(state, layer)
      if (!sources || !result || version === 0) {
        shownMosaic.current = null
        return showBitmap(canvas.current, null)
      }
      // The old one is shown until the new one is there.
      const old = show(signal)
      const { gallery } = services
      if (once) await findAlike({ gallery, sources, model: state.model, layer, result, channel })
      if (signal.aborted) return
      const patches = patchesAt(state.model, layer, shownTop(result, channel, k, once))
      const render = patchRenderer(services, patches, sources, { side, patch, gap }, sharp)
      const onDraft = (): void => {
        const draft = services.mosaics.peek(key)
        if (!signal.aborted && draft) draw(draft, [])
      }
      const isWanted = (): boolean => !signal.aborted
      if (!(await services.mosaics.refresh(key, version, render, isWanted, onDraft)) || signal.aborted) {
        await old
        // It was dropped while it was made, as when a new scan of the layer begins, though these results are still shown.
        if (!signal.aborted && !isAgain && resultOf(getState(), layer) === result) await update(signal, true)
        return
      }
      await old
      const before = shownImages.current
      shownImages.current = new Set(patches.map(({ image }) => image))
      const news = [...patches.keys()].filter((rank) => !before.has(patches[rank]!.image))
      // A mosaic that is new as a whole has no news.
      const isNews = state.scan.status === 'running' && news.length < patches.length / 2 && !prefersCalm()
      await show(signal, isNews ? news : [])
    }
    return untilCleanup(update, getState().report)
  }, [key, version, layer, channel, k, side, patch, gap, sharp, once, getState, services])
  return canvas
}

function prefersCalm(): boolean {
  return matchMedia('(prefers-reduced-motion: reduce)').matches
}
