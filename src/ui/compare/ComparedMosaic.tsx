/** @file The mosaic of a channel of a kept scan, which needs the images but not the model. */
import { useEffect, useRef } from 'react'
import { numberingOf } from '../../state/results/openResults.ts'
import { isWideField } from '../../core/mosaic/shownBox.ts'
import type { ImageTable } from '../../core/images/imageTable.ts'
import type { AppState } from '../../state/appState.ts'
import type { ComparedLayer, ComparedScan } from '../../state/compare/compared.ts'
import { patchesAt, patchesVersion, type Patch } from '../../state/mosaic/patches.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { MosaicCanvas, outlined, showBitmap } from '../mosaic/MosaicCanvas.tsx'
import { deviceLayout } from '../mosaic/MosaicTile.tsx'
import { patchRenderer } from '../mosaic/patchRenderer.ts'
import { useApp, useAppStore } from '../useApp.ts'

interface Props {
  scan: ComparedScan
  layer: ComparedLayer
  channel: number
  /** CSS pixels. */
  extent: number
  /** Whether patches of large photos are cut from the photos themselves. */
  sharp?: boolean
}

export function ComparedMosaic({ scan, layer, channel, extent, sharp = false }: Props) {
  const { getState, services } = useAppStore()
  const canvas = useRef<HTMLCanvasElement>(null)
  const k = useApp((state) => state.k)
  const images = useApp((state) => state.images)
  const toEdge = useApp((state) => state.toEdge)
  const layout = deviceLayout(k, extent)
  const { side, patch, gap } = layout

  useEffect(() => {
    const { inputShape } = scan.parts[0]!.read.model
    const sources = {
      images,
      inputShape,
      preprocessing: scan.parts[0]!.read.preprocessing,
      toEdge: toEdge && isWideField(layer.field, [inputShape[0], inputShape[1]]),
    }
    const entries = layer.result.top(channel, k)
    const patches = opened(patchesAt(null, layer.name, entries), getState().comparison.table, images)
    const key = `${layer.name}/of scan ${scan.id}/${channel}/${k}/${patch}/${sharp}/${sources.toEdge}`
    const draw = (): void => {
      const mosaic = services.mosaics.peek(key)
      if (mosaic) showBitmap(canvas.current, outlined(mosaic.bitmap, [], { side, patch, gap }))
    }
    return untilCleanup(async (signal) => {
      if (patches.length === 0) return showBitmap(canvas.current, null)
      const isWanted = (): boolean => !signal.aborted
      const render = patchRenderer(services, patches, sources, { side, patch, gap }, sharp)
      const onDraft = (): void => {
        if (isWanted()) draw()
      }
      if (
        (await services.mosaics.refresh(key, patchesVersion(patches), render, isWanted, onDraft)) &&
        isWanted()
      )
        draw()
    }, getState().report)
  }, [scan, layer, channel, k, images, toEdge, side, patch, gap, sharp, getState, services])
  return <MosaicCanvas canvas={canvas} layout={layout} />
}

const numbers = new WeakMap<ImageTable, { readonly of: ImageTable; readonly images: Int32Array }>()

/** The patches in the numbers of the open images. */
function opened(patches: Patch[], table: ImageTable, images: AppState['images']): readonly Patch[] {
  if (!images) return patches
  let known = numbers.get(table)
  if (known?.of !== images.table) {
    known = { of: images.table, images: numberingOf(table, images.table).images }
    numbers.set(table, known)
  }
  const { images: numberOf } = known
  return patches.map((patch) => ({ ...patch, image: numberOf[patch.image]! }))
}
