/**
 * @file The heat-maps of a mosaic's patches, over it. They have one scale, up to the strongest of these patches, so that patches can be
 * compared. They come one after the other, as each takes a pass of its image.
 */
import { useEffect, useRef } from 'react'
import type { HeatGrid } from '../../../core/mosaic/heatGrid.ts'
import { type ActivationMap, heatRange, heatRaster } from '../../../core/mosaic/heatMap.ts'
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
      const strongest = Math.max(...shown.map(({ activation }) => Math.abs(activation)))
      const boxes = requestsOf(shown, inputShape, toEdge).slice(0, side * side)
      const maps = new Map<number, ActivationMap>()
      let isSigned = false
      const draw = async (rank: number, map: ActivationMap): Promise<void> => {
        const end = strongest > 0 && Number.isFinite(strongest) ? strongest : heatRange(map).end
        const raster = heatRaster(map, grid, { end, isSigned })
        const colours = await bitmapOfRaster(raster)
        const { x, y } = slotOrigin(layout, rank)
        context.clearRect(x, y, slot, slot)
        const place = { left: x, top: y, width: slot, height: slot }
        drawHeat(context, colours, raster.box, { box: boxes[rank]!.box, place })
        colours.close()
      }
      let since = performance.now()
      for (const rank of boxes.keys()) {
        const map = await getState()
          .heatMap({ layer, channel, image: shown[rank]!.image }, signal)
          // The picture of the patch says what is wrong with its file.
          .catch(() => null)
        if (signal.aborted) return
        if (!map) continue
        maps.set(rank, map)
        if (heatRange(map).isSigned && !isSigned) {
          // Those before were drawn as if there were no negative activations.
          isSigned = true
          for (const [before, known] of maps) await draw(before, known)
        } else await draw(rank, map)
        if (performance.now() - since < drawMs) continue
        await show(signal)
        since = performance.now()
      }
      await show(signal)
    }, getState().report)
  }, [key, layer, channel, grid, side, slot, gap, toEdge, inputShape, preprocessing, images, getState])

  return <canvas ref={canvas} className="heat-patches" width={1} height={1} style={{ opacity }} aria-hidden />
}
