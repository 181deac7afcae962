/** @file One channel in the grid: its mosaic and one line about it. Redraws when its own version changes. */
import { memo, type MouseEvent } from 'react'
import { leadingClass } from '../../core/mosaic/channelOrder.ts'
import { fitMosaic, mosaicExtent, type MosaicLayout, slotAt } from '../../core/mosaic/layout.ts'
import { formatActivation } from '../common/format.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { useMosaic } from './useMosaic.ts'

interface Props {
  layer: string
  channel: number
  /** CSS pixels. */
  extent: number
}

export const MosaicTile = memo(function MosaicTile({ layer, channel, extent }: Props) {
  const { getState } = useAppStore()
  const k = useApp((state) => state.k)
  const layout = deviceLayout(k, extent)
  const canvas = useMosaic(layer, channel, layout)
  const status = useApp((state) => {
    const result = state.results.get(layer)
    if (!result || result.scanned === 0) return 'waiting'
    return result.isDead(channel) ? 'dead' : 'live'
  })

  /** The rank under the pointer. */
  const patchAt = (event: MouseEvent<HTMLCanvasElement>): number | null => {
    const { left, top } = event.currentTarget.getBoundingClientRect()
    const rank = slotAt(
      layout,
      (event.clientX - left) * devicePixelRatio,
      (event.clientY - top) * devicePixelRatio,
    )
    const count = getState().results.get(layer)?.top(channel).length ?? 0
    return rank !== null && rank < count ? rank : null
  }

  const size = mosaicExtent(layout) / devicePixelRatio
  return (
    <div className="tile" data-status={status}>
      <canvas
        ref={canvas}
        width={1}
        height={1}
        style={{ width: size, height: size }}
        onClick={(event) => getState().showChannel(channel, patchAt(event) ?? 0)}
        onMouseMove={(event) => {
          const rank = patchAt(event)
          const entry = rank === null ? undefined : getState().results.get(layer)?.top(channel)[rank]
          event.currentTarget.title = entry ? formatActivation(entry.activation) : ''
        }}
      />
      <Caption layer={layer} channel={channel} />
    </div>
  )
})

function Caption({ layer, channel }: Omit<Props, 'extent'>) {
  const text = useApp((state) => {
    const result = state.results.get(layer)
    if (!result || result.scanned === 0) return ''
    if (result.isDead(channel)) return state.scan.status === 'running' ? 'dead so far' : 'dead'
    const highest = result.range.highest[channel]!
    return highest === -Infinity ? 'only NaN' : formatActivation(highest)
  })
  const share = useApp((state) => {
    const result = state.results.get(layer)
    const table = state.images?.table
    if (!result || !table || table.classNames.length < 2) return ''
    const leading = leadingClass(result, channel, table.classOf)
    return leading ? `${Math.round(leading.share * 100)} % ${table.classNames[leading.classNumber]}` : ''
  })
  return (
    <div className="tile-caption">
      <span className="tile-number">{channel}</span>
      <span className="tile-activation">{text}</span>
      <span className="tile-class">{share}</span>
    </div>
  )
}

/** Whole device pixels, so that patches are sharp on every screen. */
export function deviceLayout(k: number, extent: number): MosaicLayout {
  const ratio = window.devicePixelRatio || 1
  return fitMosaic(k, Math.round(extent * ratio), Math.max(1, Math.round(ratio)))
}
