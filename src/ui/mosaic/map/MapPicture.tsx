/** @file The canvas with the marks of a map. It is drawn again when they have changed, or when there are more pictures of them. */
import { useLayoutEffect, useRef, useState } from 'react'
import { highestOf } from '../../../core/scan/correlation.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { isUnderWay } from '../../../state/scan/scanPhase.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { drawMarks, type Extent, type Mark } from './marks.ts'
import { Sprites } from './sprites.ts'

interface Props {
  layer: string
  result: ReadableResult
  /** The one that is chosen is the last one. */
  marks: readonly Mark[]
  size: number
  extent: Extent
  /** The colours of frames, by channel. */
  frames: ReadonlyMap<number, string>
  /** The correlations of the chosen channel with all of the layer; null if none is chosen. */
  correlations: Float64Array | null
  chosen: number | null
}

/** The frame of a channel without a class; it is seen in both themes. */
const plainFrame = 'rgb(128 128 128 / 60%)'

/** Lines lead from the chosen channel to so many with which it fires most. */
const linked = 5

export function MapPicture({ layer, result, marks, size, extent, frames, correlations, chosen }: Props) {
  const store = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const sprites = useRef<Sprites | null>(null)
  const [news, setNews] = useState(0)
  // Patches are drawn anew when the scan has begun or ended, or when others are wanted.
  const isScanned = useApp((state) => isUnderWay(state.scan))
  const k = useApp((state) => state.k)
  const toEdge = useApp((state) => state.toEdge)
  const images = useApp((state) => state.images)

  useLayoutEffect(() => {
    let frame = 0
    const made = new Sprites(store, layer, result, () => {
      cancelAnimationFrame(frame)
      frame = requestAnimationFrame(() => setNews((count) => count + 1))
    })
    sprites.current = made
    return () => {
      cancelAnimationFrame(frame)
      made.close()
    }
  }, [store, layer, result, isScanned, k, toEdge, images])

  useLayoutEffect(() => {
    const element = canvas.current!
    if (extent.width === 0) return
    const ratio = devicePixelRatio
    const [width, height] = [Math.round(extent.width * ratio), Math.round(extent.height * ratio)]
    if (element.width !== width || element.height !== height)
      [element.width, element.height] = [width, height]
    const byChannel = new Map(marks.map((mark) => [mark.channel, mark]))
    const isOnScreen = chosen !== null && marks.at(-1)?.channel === chosen
    const nearest = correlations && isOnScreen ? highestOf(correlations, linked, chosen) : []
    drawMarks(element.getContext('2d')!, marks, sprites.current!, {
      ratio,
      size,
      frameOf: (channel) => frames.get(channel) ?? plainFrame,
      lines: nearest.flatMap((channel) => {
        const mark = byChannel.get(channel)
        const strength = correlations![channel]!
        return mark && strength > 0 ? [[mark, strength] as const] : []
      }),
    })
  }, [marks, size, extent, frames, correlations, chosen, news, layer, result, isScanned, k, toEdge, images])

  return <canvas ref={canvas} aria-hidden />
}
