/** @file The mosaic of the shown channel, large: each patch can be chosen. */
import { lazy, Suspense } from 'react'
import { passes } from '../../core/mosaic/knownPatches.ts'
import { mosaicExtent, slotOrigin } from '../../core/mosaic/layout.ts'
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import { outlierCount } from '../../core/scan/outliers.ts'
import { inSentence } from '../../core/shownText.ts'
import { type Patch, patchesVersion } from '../../state/mosaic/patches.ts'
import { shownHeatGrid } from '../../state/selectors/heat.ts'
import { resultOf, tableOf } from '../../state/selectors/shown.ts'
import { useNames } from '../results/useNames.ts'
import { formatActivation } from '../common/format.ts'
import { RovingButtons } from '../common/RovingButtons.tsx'
import { patchesShown, soughtClass } from '../../state/selectors/view.ts'
import { useApp } from '../useApp.ts'
import { MosaicCanvas } from './MosaicCanvas.tsx'
import { deviceLayout } from './MosaicTile.tsx'
import { useMosaic } from './useMosaic.ts'
import './alikePatches.css'

const HeatPatches = lazy(() => import('./heat/HeatPatches.tsx'))

interface Props {
  layer: string
  channel: number
  patches: readonly Patch[]
  /** See `ChosenPatch`. */
  alike: readonly (readonly FoundEntry[])[]
  /** The rank of the chosen patch; -1 if it is none of them. */
  rank: number
  /** In CSS pixels. */
  extent: number
}

export function LargeMosaic({ layer, channel, patches, alike, rank, extent }: Props) {
  const isFull = useApp((state) => state.full)
  const k = useApp((state) => state.k)
  const wanted = useApp(patchesShown)
  const { classOf } = useApp(tableOf)!
  const { pathOf } = useNames()
  const sought = useApp(soughtClass)
  const showPatch = useApp((state) => state.showPatch)
  const layout = deviceLayout(Math.max(k, patches.length), extent)
  const ofChannel = useApp((state) => resultOf(state, layer)?.versions[channel] ?? 0)
  const version = (isFull || alike.length > 0) && ofChannel > 0 ? patchesVersion(patches) : ofChannel
  // During a scan the machine has better things to do than to decode large photos anew.
  const isCalm = useApp((state) => state.scan.status !== 'running' && state.scan.status !== 'preparing')
  const canvas = useMosaic({ layer, channel, version }, layout, { sharp: isCalm, most: wanted })
  const grid = useApp((state) => (state.heat.patches ? shownHeatGrid(state, layer) : null))
  const outliers = outlierCount(patches.map(({ activation }) => activation))
  const css = (pixels: number): number => pixels / devicePixelRatio
  const size = css(mosaicExtent(layout))
  return (
    <div
      className="large-mosaic"
      style={{ width: size, height: size }}
      data-heat={grid !== null || undefined}
    >
      <MosaicCanvas canvas={canvas} layout={layout} />
      {grid && patches.length > 0 && (
        <Suspense>
          <HeatPatches {...{ layer, channel, patches, grid, layout }} />
        </Suspense>
      )}
      <RovingButtons
        label="Patches"
        columns={layout.side}
        chosen={rank}
        onChoose={showPatch}
        buttons={patches.map((patch, i) => {
          const { x, y } = slotOrigin(layout, i)
          const value = formatActivation(patch.activation)
          const others = alike[i]?.length ?? 0
          const isOutlier = i < outliers
          return {
            name: `Patch ${i + 1}: ${inSentence(pathOf(patch.image))}, ${value}${isOutlier ? ', an outlier' : ''}${others > 0 ? `, and ${others} alike` : ''}`,
            title: `${value} · ${inSentence(pathOf(patch.image))}${isOutlier ? ' · outlier' : ''}`,
            ...(others > 0 && { badge: `+${others}` }),
            isOutlier,
            style: { left: css(x), top: css(y), width: css(layout.patch), height: css(layout.patch) },
            dimmed: sought !== null && !passes(sought, patch, classOf),
          }
        })}
      />
    </div>
  )
}
