/**
 * @file The rows of a table of channels as a grid; only those on the screen exist. A row is plain elements, as a scroll through
 * thousands has milliseconds for each screenful.
 */
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  type Dispatch,
  type KeyboardEvent,
  memo,
  type SetStateAction,
  useCallback,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { classColor } from '../../../core/mosaic/classColors.ts'
import type { ChannelTable } from '../../../core/mosaic/channelTable.ts'
import { stepInGrid } from '../../../core/mosaic/gridSteps.ts'
import type { MeasureHead } from '../../../core/scan/measures/measure.ts'
import { noClass } from '../../../core/scan/measures/measuredLayer.ts'
import { inSentence } from '../../../core/shownText.ts'
import { nameOfChannel } from '../../../state/selectors/notes.ts'
import { tableOf } from '../../../state/selectors/shown.ts'
import { LayerName } from '../../model/LayerName.tsx'
import { useNames } from '../../results/useNames.ts'
import { withIndex } from '../../common/withIndex.ts'
import { named } from '../../common/named.ts'
import { useApp } from '../../useApp.ts'
import { columnWidths, formatMeasure, rowHeight, shownMeasures } from './columns.ts'
import { RangeFilter } from './RangeFilter.tsx'
import { noteScroll, Thumbnail } from './Thumbnail.tsx'
import { useRange } from './useRange.ts'
import type { FoundTable } from './useTable.ts'
import { Name } from '../../common/Name.tsx'
import './channelTable.css'

interface Props extends FoundTable {
  /** The accessible name. */
  label: string
  /** Whether there are several layers, so that rows have to name theirs. */
  hasLayers: boolean
  /** The columns of what is measured when it is asked for, the same array as long as they are the same. */
  asked: readonly MeasureHead[]
  chosen: ReadonlySet<number>
  setChosen: Dispatch<SetStateAction<ReadonlySet<number>>>
  /** Must stay the same, as each row has it. */
  onOpen: (layer: string, channel: number) => void
  /** Called when the arrow keys have led to another row. */
  onStep?: (layer: string, channel: number) => void
}

/** The number of rows that are drawn before they are scrolled to. */
const rowsAhead = 4

export function ChannelRows(props: Props) {
  const { label, hasLayers, asked, table, rows, chosen, setChosen, onOpen, onStep } = props
  const scroller = useRef<HTMLDivElement>(null)
  const classes = useApp((state) => tableOf(state)?.classNames.length ?? 0)
  const shown = useMemo(() => shownMeasures(classes, asked), [classes, asked])
  const widths = columnWidths(shown, hasLayers)
  const [focused, setFocused] = useState<number | null>(null)
  /** The place of the row that Tab leads to. */
  const focusedAt = focused === null ? -1 : rows.indexOf(focused)
  const stop = Math.max(0, focusedAt)
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: rows.length,
    overscan: rowsAhead,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // The row with the focus stays, or the focus would be lost.
    rangeExtractor: (range) => withIndex(range, stop),
  })

  const toggle = useCallback((row: number) => setChosen((before) => toggled(before, row)), [setChosen])

  const moving = useRef(false)
  useEffect(() => {
    if (!moving.current || focused === null) return
    moving.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-row="${focused}"]`)?.focus({ preventScroll: true })
  }, [focused])

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement
    if (event.altKey || event.ctrlKey || event.metaKey || !target.matches('[data-row]')) return
    const row = Number(target.dataset['row'])
    const { layer, channel } = table.place(row)
    if (event.key === 'Enter') {
      event.preventDefault()
      return onOpen(layer.name, channel)
    }
    if (event.key === ' ') {
      event.preventDefault()
      return toggle(row)
    }
    const rowsPerPage = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1
    const to = stepInGrid(event.key, rows.indexOf(row), { items: rows.length, columns: 1, rowsPerPage })
    if (to === null || event.key === 'ArrowLeft' || event.key === 'ArrowRight') return
    event.preventDefault()
    const next = rows[to]!
    moving.current = next !== row
    setFocused(next)
    virtualizer.scrollToIndex(to, { align: 'auto' })
    const place = table.place(next)
    onStep?.(place.layer.name, place.channel)
  }

  const chooseAll = useCallback(
    (isWanted: boolean) => setChosen(isWanted ? new Set(rows) : new Set()),
    [rows, setChosen],
  )
  const areAll = rows.length > 0 && rows.every((row) => chosen.has(row))
  return (
    <div
      ref={scroller}
      className="channel-table"
      role="grid"
      tabIndex={-1}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-multiselectable
      data-asked={asked.length > 0 || undefined}
      style={{ '--columns': widths.columns, '--least': widths.least } as CSSProperties}
      onKeyDown={onKeyDown}
      onScroll={noteScroll}
    >
      <Head table={table} measures={shown} areAll={areAll} onAll={chooseAll} />
      <div className="channel-table-sheet" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <Row
            key={rows[index]}
            row={rows[index]!}
            number={index + 2}
            top={start}
            table={table}
            measures={shown}
            hasLayers={hasLayers}
            isStop={index === stop}
            isChosen={chosen.has(rows[index]!)}
            onFocus={setFocused}
            onChoose={toggle}
            onOpen={onOpen}
          />
        ))}
      </div>
    </div>
  )
}

function toggled(rows: ReadonlySet<number>, row: number): ReadonlySet<number> {
  const next = new Set(rows)
  if (!next.delete(row)) next.add(row)
  return next
}

interface HeadProps {
  table: ChannelTable
  measures: readonly MeasureHead[]
  /** Whether all rows are chosen. */
  areAll: boolean
  onAll: (isWanted: boolean) => void
}

/** It stays as it is while rows are scrolled: its sliders take longer than a frame. */
const Head = memo(function Head({ table, measures, areAll, onAll }: HeadProps) {
  const columns = useMemo(
    () => measures.map((measure) => ({ measure, values: table.values(measure.id) })),
    [measures, table],
  )
  return (
    <div className="channel-table-head" role="row" aria-rowindex={1}>
      <div role="columnheader">
        <input
          type="checkbox"
          aria-label="Choose all rows"
          checked={areAll}
          onChange={() => onAll(!areAll)}
        />
      </div>
      <div role="columnheader">
        <span className="visually-hidden">Mosaic</span>
      </div>
      <HeadCell id={null} label="Channel" sentence="In the order of layers and channels." />
      {columns.map(({ measure, values }) => (
        <HeadCell key={measure.id} id={measure.id} label={measure.label} sentence={measure.sentence}>
          <MeasureFilter measure={measure} values={values} />
        </HeadCell>
      ))}
    </div>
  )
})

interface HeadCellProps {
  /** The measure's id; null for the channel. */
  id: string | null
  label: string
  sentence: string
  children?: React.ReactNode
}

/** A click sorts by the column, another click the other way round. */
function HeadCell({ id, label, sentence, children }: HeadCellProps) {
  const isSorted = useApp(({ finding }) => finding.column === id)
  const isReversed = useApp(({ finding }) => finding.isReversed)
  const find = useApp((state) => state.find)
  const sentenceId = useId()
  // Channels ascend by themselves, and values descend.
  const isAscending = (id === null) !== isReversed
  return (
    <div role="columnheader" aria-sort={isSorted ? (isAscending ? 'ascending' : 'descending') : 'none'}>
      <button
        type="button"
        className="channel-table-sort"
        aria-describedby={sentenceId}
        {...named(sentence)}
        onClick={() => find({ column: id, isReversed: isSorted && !isReversed })}
      >
        {label}
        {isSorted && (isAscending ? <ArrowUp size={12} aria-hidden /> : <ArrowDown size={12} aria-hidden />)}
      </button>
      <span hidden id={sentenceId}>
        {sentence}
      </span>
      {children}
    </div>
  )
}

function MeasureFilter({ measure, values }: { measure: MeasureHead; values: Float64Array }) {
  const [range, setRange] = useRange(measure.id)
  return <RangeFilter measure={measure} values={values} range={range} onChange={setRange} />
}

interface RowProps {
  row: number
  /** The row's number among all, from 2: the head is the first. */
  number: number
  /** CSS pixels. */
  top: number
  table: ChannelTable
  measures: readonly MeasureHead[]
  hasLayers: boolean
  /** Whether Tab leads to it. */
  isStop: boolean
  isChosen: boolean
  onFocus: (row: number) => void
  onChoose: (row: number) => void
  onOpen: (layer: string, channel: number) => void
}

const Row = memo(function Row({
  row,
  number,
  top,
  table,
  measures,
  hasLayers,
  isStop,
  isChosen,
  onFocus,
  onChoose,
  onOpen,
}: RowProps) {
  const { layer, channel } = table.place(row)
  const { name, measured } = layer
  const isOpen = useApp((state) => state.layer === name && state.channel === channel)
  const { classNameOf } = useNames()
  const noteName = useApp((state) => nameOfChannel(state, name, channel))
  const isDead = measured?.values('dead')[channel] === 1
  return (
    // Keys are the grid's.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      className="channel-table-row"
      role="row"
      aria-label={`Channel ${channel}${hasLayers ? ` of ${inSentence(name)}` : ''}`}
      aria-rowindex={number}
      aria-selected={isChosen}
      aria-current={isOpen || undefined}
      tabIndex={isStop ? 0 : -1}
      data-row={row}
      data-dead={isDead || undefined}
      style={{ top }}
      onFocus={(event) => event.target === event.currentTarget && onFocus(row)}
      onClick={({ target }) => {
        if (!(target as Element).matches('input')) onOpen(name, channel)
      }}
    >
      <div role="gridcell" className="channel-table-tick">
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={`Choose channel ${channel}${hasLayers ? ` of ${inSentence(name)}` : ''}`}
          checked={isChosen}
          onChange={() => onChoose(row)}
        />
      </div>
      <div role="gridcell" className="channel-table-thumb">
        <Thumbnail layer={name} channel={channel} />
      </div>
      <div role="gridcell" className="channel-table-name">
        <span className="channel-table-title">
          <b>{channel}</b> <Name>{noteName}</Name>
        </span>
        {hasLayers && (
          <span className="channel-table-layer" title={name}>
            <LayerName name={name} />
          </span>
        )}
      </div>
      {measures.map((measure) => {
        const value = measured?.values(measure.id)[channel] ?? Number.NaN
        const ofClass = measure.id === 'class' ? (measured?.topClass[channel] ?? noClass) : noClass
        const best = measure.id === 'choosy' ? (measured?.bestClass[channel] ?? noClass) : noClass
        return (
          <div
            key={measure.id}
            role="gridcell"
            title={best === noClass ? undefined : `for ${inSentence(classNameOf(best))}`}
            data-unit={measure.unit}
          >
            {ofClass !== noClass && (
              <span className="channel-table-class">
                <i style={{ background: classColor(ofClass) }} />
                <span>
                  <Name>{classNameOf(ofClass)}</Name>
                </span>
              </span>
            )}
            {formatMeasure(measure, value)}
          </div>
        )
      })}
    </div>
  )
})
