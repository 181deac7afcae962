/**
 * @file The heat-maps of a mosaic's patches, over it. They have one scale, up to the strongest of these patches, so that patches can be
 * compared. They come one after the other, as each takes a pass of its image.
 */
import { useEffect, useRef } from 'react'
import type { HeatGrid } from '../../../core/mosaic/heatGrid.ts'
import { heatRange, heatRaster } from '../../../core/mosaic/heatMap.ts'
import { mosaicExtent, type MosaicLayout, slotOrigin } from '../../../core/mosaic/layout.ts'
import { type Patch, requestsOf } from '../../../state/mosaic/patches.ts'
import { showsToEdge } from '../../../state/selectors/wideField.ts'
import { untilCleanup } from '../../common/untilCleanup.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { showBitmap } from '../MosaicCanvas.tsx'
import { bitmapOfRaster, drawHeat } from './heatBitmap.ts'
import './heat.css'

/** Is too short for the eye to see that patches come one by one. */
const drawMs = 150

interface Props {
  layer: string
  channel: number
  patches: readonly Patch[]
  grid: HeatGrid
  /** In device pixels. */
  layout: MosaicLayout
}

export default function HeatPatches({
  layer,
  channel,
  patches,
  grid,
  layout: { side, patch: slot, gap },
}: Props) {
  const { getState } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const opacity = useApp((state) => state.heat.opacity)
  const toEdge = useApp((state) => showsToEdge(state, layer))
  const inputShape = useApp((state) => state.model!.network.inputShape)
  // All that maps depend on, beside their places.
  const preprocessing = useApp((state) => state.preprocessing)
  const images = useApp((state) => state.images)
  const latest = useRef(patches)
  useEffect(() => {
    latest.current = patches
  })
  const key = patches.map(({ image, unit }) => [image, ...unit].join()).join(' ')

  useEffect(() => {
    const layout = { side, patch: slot, gap }
    const extent = mosaicExtent(layout)
    const context = new OffscreenCanvas(extent, extent).getContext('2d')!
    const show = async (signal: AbortSignal): Promise<void> => {
      const bitmap = await createImageBitmap(context.canvas)
      if (signal.aborted) bitmap.close()
      else showBitmap(canvas.current, bitmap)
    }
    return untilCleanup(async (signal) => {
      showBitmap(canvas.current, null)
      const shown = latest.current
      const end = Math.max(...shown.map(({ activation }) => Math.abs(activation)))
      let since = performance.now()
      for (const [rank, { box }] of requestsOf(shown, inputShape, toEdge).entries()) {
        const map = await getState()
          .heatMap({ layer, channel, image: shown[rank]!.image }, signal)
          // The picture of the patch says what is wrong with its file.
          .catch(() => null)
        if (signal.aborted) return
        if (!map || rank >= side * side) continue
        const raster = heatRaster(map, grid, end > 0 && Number.isFinite(end) ? end : heatRange(map).end)
        const colours = await bitmapOfRaster(raster)
        const { x, y } = slotOrigin(layout, rank)
        drawHeat(context, colours, raster.box, { box, place: { left: x, top: y, width: slot, height: slot } })
        colours.close()
        if (performance.now() - since < drawMs) continue
        await show(signal)
        since = performance.now()
      }
      await show(signal)
    }, getState().report)
  }, [key, layer, channel, grid, side, slot, gap, toEdge, inputShape, preprocessing, images, getState])

  return <canvas ref={canvas} className="heat-patches" width={1} height={1} style={{ opacity }} aria-hidden />
}
