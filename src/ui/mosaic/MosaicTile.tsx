/** @file One channel in the grid: its mosaic and its caption. It renders when its own version changes. */
import { shownText } from '../../core/shownText.ts'
import { lazy, memo, type MouseEvent, Suspense } from 'react'
import { fitMosaic, type MosaicLayout, slotAt } from '../../core/mosaic/layout.ts'
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import type { AppState } from '../../state/appState.ts'
import { shownTop } from '../../state/mosaic/alike.ts'
import { hasPicture, nameOf, resultOf, tableOf } from '../../state/selectors/shown.ts'
import { formatActivation } from '../common/format.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { type ChannelNews, useChannelNews } from './useChannelNews.ts'
import { MosaicCanvas } from './MosaicCanvas.tsx'
import { TileCaption } from './TileCaption.tsx'
import { useMosaic } from './useMosaic.ts'

const SynthesizedTile = lazy(() => import('../reasons/SynthesizedTile.tsx'))

interface Props {
  layer: string
  channel: number
  k: number
  /** CSS pixels. */
  extent: number
}

export const MosaicTile = memo(function MosaicTile({ layer, channel, k, extent }: Props) {
  const { getState } = useAppStore()
  const layout = deviceLayout(k, extent)
  const news = useChannelNews(layer, channel)
  const canvas = useMosaic(news, layout)
  const isSynthesized = useApp((state) => state.synthesis.tiles)

  const entriesOf = (): readonly FoundEntry[] => {
    const state = getState()
    const result = resultOf(state, layer)
    return result ? shownTop(result, channel, k, state.alikeOnce) : []
  }
  /** The rank under the pointer. */
  const patchAt = (event: MouseEvent<HTMLElement>): number | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const rank = slotAt(
      layout,
      (event.clientX - left) * devicePixelRatio,
      (event.clientY - top) * devicePixelRatio,
    )
    const count = entriesOf().length
    return rank !== null && rank < count ? rank : null
  }

  return (
    <div className="tile" role="gridcell" data-status={statusOf(news)}>
      {/* Keys are the grid's. */}
      {/* oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
      <div
        className="tile-mosaic"
        onClick={(event) => {
          event.stopPropagation()
          getState().showChannel(channel, patchAt(event) ?? 0)
        }}
        onMouseMove={(event) => {
          const rank = patchAt(event)
          const entry = rank === null ? undefined : entriesOf()[rank]
          event.currentTarget.title = entry ? entryText(getState(), entry) : ''
        }}
      >
        <MosaicCanvas canvas={canvas} layout={layout} />
        {isSynthesized && (
          <Suspense>
            <SynthesizedTile {...news} extent={extent} />
          </Suspense>
        )}
      </div>
      <TileCaption {...news} k={k} />
    </div>
  )
})

function statusOf({ result, channel }: ChannelNews): 'waiting' | 'dead' | 'live' {
  if (!result || result.scanned === 0) return 'waiting'
  return result.isDead(channel) ? 'dead' : 'live'
}

/** Names the image of a patch that cannot be drawn. */
function entryText(state: AppState, { image, activation }: FoundEntry): string {
  if (hasPicture(state, image)) return formatActivation(activation)
  return `${shownText(nameOf(tableOf(state)?.paths, state.recorded?.paths, image))}\n${formatActivation(activation)}`
}

/** A layout in whole device pixels, so that patches are sharp on every screen. */
export function deviceLayout(k: number, extent: number): MosaicLayout {
  const ratio = window.devicePixelRatio || 1
  return fitMosaic(k, Math.round(extent * ratio), Math.max(1, Math.round(ratio)))
}
