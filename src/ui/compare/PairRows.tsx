/** @file Pairs of channels as the rows of a grid, with a mosaic for each scan; only those on the screen exist. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type KeyboardEvent, memo, useEffect, useRef, useState } from 'react'
import type { ChannelPairs } from '../../core/compare/channelPairs.ts'
import type { Change } from '../../core/compare/change.ts'
import { stepInGrid } from '../../core/mosaic/gridSteps.ts'
import { choosy } from '../../core/scan/measures/choosy.ts'
import { Evidence } from '../../core/scan/measures/evidence.ts'
import { fires } from '../../core/scan/measures/fires.ts'
import { mean } from '../../core/scan/measures/strength.ts'
import type { ComparedScan } from '../../state/compare/compared.ts'
import type { LayerRow } from '../../state/compare/comparison.ts'
import { useScreen } from '../common/useScreen.ts'
import { withIndex } from '../common/withIndex.ts'
import { formatMeasure } from '../mosaic/table/columns.ts'
import { useApp, useAppStore } from '../useApp.ts'
import { ComparedMosaic } from './ComparedMosaic.tsx'
import { channelsOf, correlationText, fateText, pairId, pairName, sharedText } from './comparedRow.ts'
import { Name } from '../common/Name.tsx'

/** The side of a mosaic in CSS pixels, of few scans and of many, and the room for its caption. */
const extents = { few: 136, many: 96 } as const
const fewScans = 4
const captionHeight = 28
const rowsAhead = 2
/** The statistics that each row has; all of them are in the details. */
const rowMeasures = [mean, fires, choosy]

interface Props {
  scans: readonly ComparedScan[]
  layers: LayerRow
  /** In step with the scans. */
  pairs: readonly (ChannelPairs | null)[]
  at: { readonly before: number; readonly after: number }
  changes: readonly Change[]
  /** The id of the open pair. */
  open: string | null
  onOpen: (id: string) => void
}

export function PairRows({ scans, layers, pairs, at, changes, open, onOpen }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const isNarrow = useScreen() === 'narrow'
  const extent = extents[scans.length > fewScans || isNarrow ? 'many' : 'few']
  const rowHeight = extent + captionHeight
  const [focused, setFocused] = useState<string | null>(null)
  const ids = changes.map(pairId)
  const stop = Math.max(0, ids.indexOf(focused ?? open ?? ''))
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: changes.length,
    overscan: rowsAhead,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // The row with the focus stays, or the focus would be lost.
    rangeExtractor: (range) => withIndex(range, stop),
  })

  const moving = useRef(false)
  useEffect(() => {
    if (!moving.current || focused === null) return
    moving.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-pair="${focused}"]`)?.focus({ preventScroll: true })
  }, [focused])

  const onKeyDown = (event: KeyboardEvent): void => {
    const id = (event.target as HTMLElement).dataset['pair']
    if (event.altKey || event.ctrlKey || event.metaKey || id === undefined) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      return onOpen(id)
    }
    const rowsPerPage = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1)
    const to = stepInGrid(event.key, ids.indexOf(id), { items: ids.length, columns: 1, rowsPerPage })
    if (to === null || event.key === 'ArrowLeft' || event.key === 'ArrowRight') return
    event.preventDefault()
    moving.current = ids[to] !== id
    setFocused(ids[to]!)
    virtualizer.scrollToIndex(to, { align: 'auto' })
    // An open pair follows.
    if (open !== null) onOpen(ids[to]!)
  }
  return (
    <div
      ref={scroller}
      className="compare-rows"
      role="grid"
      tabIndex={-1}
      aria-label="Channels side by side"
      aria-rowcount={changes.length + 1}
      style={{ '--scans': scans.length, '--mosaic': `${extent}px` } as CSSProperties}
      onKeyDown={onKeyDown}
    >
      <div className="compare-head" role="row" aria-rowindex={1}>
        <div role="columnheader">Channel</div>
        {scans.map(({ id, name }, scan) => (
          <div
            key={id}
            role="columnheader"
            title={name}
            data-end={scan === at.before || scan === at.after || undefined}
          >
            <Name>{name}</Name>
          </div>
        ))}
        <div role="columnheader">Before to after</div>
      </div>
      <div role="presentation" className="compare-sheet" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const change = changes[index]!
          return (
            <Row
              key={ids[index]}
              scans={scans}
              layers={layers}
              channels={channelsOf(change, pairs, at).join()}
              change={change}
              at={at.before * scans.length + at.after}
              extent={extent}
              number={index + 2}
              top={start}
              isStop={index === stop}
              isOpen={ids[index] === open}
              onFocus={setFocused}
              onOpen={onOpen}
            />
          )
        })}
      </div>
    </div>
  )
}

interface RowProps extends Pick<Props, 'scans' | 'layers' | 'onOpen'> {
  /** The numbers for each scan with commas, so that equal ones are the same; empty for a scan without. */
  channels: string
  change: Change
  /** The positions of the scans before and after, as one number, so that equal ones are the same. */
  at: number
  /** CSS pixels. */
  extent: number
  /** The row's number among all, from 2: the head is the first. */
  number: number
  /** CSS pixels. */
  top: number
  isStop: boolean
  isOpen: boolean
  onFocus: (id: string) => void
}

const Row = memo(function Row(props: RowProps) {
  const { scans, layers, channels, change, at, extent, number, top, isStop, isOpen, onFocus, onOpen } = props
  const id = pairId(change)
  const numbers = channels.split(',').map((text) => (text === '' ? null : Number(text)))
  return (
    // Keys are the grid's.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      className="compare-row"
      role="row"
      aria-label={pairName(change)}
      aria-rowindex={number}
      aria-current={isOpen || undefined}
      tabIndex={isStop ? 0 : -1}
      data-pair={id}
      style={{ top }}
      onFocus={() => onFocus(id)}
      onClick={() => onOpen(id)}
    >
      <div role="gridcell" className="compare-facts">
        <b>
          {change.before ?? '–'}
          {change.before !== change.after && ` ↔ ${change.after ?? '–'}`}
        </b>
        {change.fate !== 'alive' && (
          <span className="compare-fate" data-fate={change.fate}>
            {fateText(change)}
          </span>
        )}
        <span>{correlationText(change)}</span>
        <span className="muted">{sharedText(change)}</span>
      </div>
      {numbers.map((channel, scan) => {
        const layer = layers[scan]
        const isThere = layer && channel !== null && channel < layer.result.channels
        return (
          <div role="gridcell" key={scans[scan]!.id}>
            {isThere ? (
              <>
                <ComparedMosaic scan={scans[scan]!} layer={layer} channel={channel} extent={extent} />
                <span className="muted compare-caption">
                  {channel}
                  {layer.result.isDead(channel) && ' dead'}
                </span>
              </>
            ) : (
              <span className="compare-none muted">–</span>
            )}
          </div>
        )
      })}
      <Numbers layers={layers} numbers={numbers} at={at} />
    </div>
  )
})

interface NumbersProps extends Pick<RowProps, 'layers' | 'at'> {
  numbers: readonly (number | null)[]
}

/** Some statistics before and after. */
function Numbers({ layers, numbers, at }: NumbersProps) {
  const { getState } = useAppStore()
  const k = useApp((state) => state.k)
  const { classOf } = getState().comparison.table
  const ends = [Math.floor(at / layers.length), at % layers.length].map((scan) => {
    const [layer, channel] = [layers[scan], numbers[scan] ?? null]
    return layer && channel !== null && channel < layer.result.channels
      ? new Evidence(layer.result, channel, k, classOf)
      : null
  })
  return (
    <div role="gridcell" className="compare-stats">
      {rowMeasures.map((measure) => {
        const [before, after] = ends.map((one) =>
          formatMeasure(measure, (one && measure.of(one)) ?? Number.NaN),
        )
        return before === '–' && after === '–' ? null : (
          <span key={measure.id} title={measure.sentence}>
            <span className="muted">{measure.label}</span> {before} → {after}
          </span>
        )
      })}
    </div>
  )
}
