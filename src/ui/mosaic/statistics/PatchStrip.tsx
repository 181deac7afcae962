/** @file A row or more of small patches, drawn by the gallery into one picture; each opens its image. */
import { useEffect, useRef } from 'react'
import { passes } from '../../../core/mosaic/knownPatches.ts'
import { type MosaicLayout, mosaicExtent, slotOrigin } from '../../../core/mosaic/layout.ts'
import type { FoundEntry } from '../../../core/scan/foundEntry.ts'
import { inSentence } from '../../../core/shownText.ts'
import { patchesAt, patchesVersion } from '../../../state/mosaic/patches.ts'
import { showsToEdge } from '../../../state/selectors/wideField.ts'
import { inputShapeOf, preprocessingOf, tableOf } from '../../../state/selectors/shown.ts'
import { useNames } from '../../results/useNames.ts'
import { formatActivation } from '../../common/format.ts'
import { Later } from '../../common/Later.tsx'
import { RovingButtons } from '../../common/RovingButtons.tsx'
import { pickedOf, soughtClass } from '../../../state/selectors/view.ts'
import { untilCleanup } from '../../common/untilCleanup.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { patchRenderer } from '../patchRenderer.ts'

interface Props {
  /** The name of the mosaic in the cache: layer, channel and which patches. */
  name: string
  layer: string
  /** Row by row. */
  entries: readonly FoundEntry[]
  columns: number
  /** CSS pixels. */
  width: number
  label: string
}

export function PatchStrip({ name, layer, entries, columns, width, label }: Props) {
  const { getState, services } = useAppStore()
  const preprocessing = useApp(preprocessingOf)
  const inputShape = useApp(inputShapeOf)!
  const model = useApp((state) => state.model)
  const { classOf } = useApp(tableOf)!
  const { pathOf } = useNames()
  const images = useApp((state) => state.images)
  const sought = useApp(soughtClass)
  const picked = useApp(pickedOf)
  const pick = useApp((state) => state.pick)
  const patches = patchesAt(model, layer, entries)
  const toEdge = useApp((state) => showsToEdge(state, layer))
  const canvas = useRef<HTMLCanvasElement>(null)
  const ratio = devicePixelRatio
  const gap = Math.max(1, Math.round(ratio))
  const patch = Math.floor((width * ratio - (columns - 1) * gap) / columns)
  const rows = Math.ceil(patches.length / columns)
  const height = rows * (patch + gap) - gap
  const extent = mosaicExtent({ side: columns, patch, gap })
  const version = patchesVersion(patches)
  const key = `${name}/${columns}/${patch}${toEdge ? '/edge' : ''}`

  useEffect(() => {
    const layout: MosaicLayout = { side: columns, patch, gap }
    const update = async (signal: AbortSignal): Promise<void> => {
      const sources = { images, inputShape, preprocessing, toEdge }
      const render = patchRenderer(services, patches, sources, layout)
      const draw = (): void => {
        const mosaic = services.mosaics.peek(key)
        if (signal.aborted || !canvas.current || !mosaic) return
        canvas.current.width = extent
        canvas.current.height = height
        canvas.current.getContext('2d')!.drawImage(mosaic.bitmap, 0, 0)
      }
      const isWanted = (): boolean => !signal.aborted
      if (await services.mosaics.refresh(key, version, render, isWanted, draw)) draw()
    }
    return untilCleanup(update, getState().report)
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
    images,
    toEdge,
    getState,
    services,
  ])

  const css = (pixels: number): number => pixels / ratio
  return (
    <div className="statistics-strip" style={{ width: css(extent), height: css(height) }}>
      <canvas
        ref={canvas}
        role="img"
        aria-label={label}
        width={1}
        height={1}
        style={{ width: css(extent), height: css(height) }}
      />
      <Later>
        <RovingButtons
          label={label}
          columns={columns}
          chosen={picked ? entries.findIndex(({ image }) => image === picked.image) : -1}
          onChoose={(index) => pick(entries[index]!)}
          buttons={entries.map((entry, i) => {
            const { x, y } = slotOrigin({ side: columns, patch, gap }, i)
            const value = formatActivation(entry.activation)
            return {
              name: `Image ${inSentence(pathOf(entry.image))}, ${value}`,
              title: `${value} · ${inSentence(pathOf(entry.image))}`,
              style: { left: css(x), top: css(y), width: css(patch), height: css(patch) },
              dimmed: sought !== null && !passes(sought, entry, classOf),
            }
          })}
        />
      </Later>
    </div>
  )
}
