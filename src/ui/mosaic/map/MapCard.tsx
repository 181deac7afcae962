/** @file The channel under the pointer, large, beside it. */
import { leadingClass } from '../../../core/scan/classShares.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { inSentence } from '../../../core/shownText.ts'
import { nameOfChannel } from '../../../state/selectors/notes.ts'
import { tableOf } from '../../../state/selectors/shown.ts'
import { useNames } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'
import { ChannelMosaic } from '../ChannelMosaic.tsx'
import type { Extent } from './marks.ts'

interface Props {
  layer: string
  result: ReadableResult
  channel: number
  /** The place of the pointer on the map, in CSS pixels. */
  x: number
  y: number
  extent: Extent
  /** The correlation with the chosen channel; null if there is none. */
  with: { readonly channel: number; readonly correlation: number } | null
}

/** CSS pixels: of the mosaic, of the card, and from the pointer to it. */
const mosaic = 168
const card = { width: mosaic + 14, height: mosaic + 56 }
const away = 18

export function MapCard({ layer, result, channel, x, y, extent, with: chosen }: Props) {
  const k = useApp((state) => state.k)
  const table = useApp(tableOf)
  const name = useApp((state) => nameOfChannel(state, layer, channel))
  const { classNameOf } = useNames()
  const leading =
    table && table.classNames.length > 1 ? leadingClass(result, channel, k, table.classOf) : null
  const left = x + away + card.width <= extent.width ? x + away : Math.max(0, x - away - card.width)
  const top = Math.max(0, Math.min(y - card.height / 2, extent.height - card.height))
  return (
    // The channel's page says the same.
    <div className="map-card" aria-hidden style={{ left, top, width: card.width }}>
      <ChannelMosaic layer={layer} channel={channel} extent={mosaic} />
      <p>
        <b>{channel}</b> {name && `${inSentence(name)} · `}
        {leading && `${inSentence(classNameOf(leading.classNumber))} ${Math.round(leading.share * 100)} %`}
      </p>
      <p className="muted">
        {chosen && !Number.isNaN(chosen.correlation)
          ? `correlation with ${chosen.channel}: ${chosen.correlation.toFixed(2)}`
          : ' '}
      </p>
    </div>
  )
}
