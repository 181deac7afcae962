/**
 * @file Classes by channels: each cell is the mean maximum of a class's images in a channel, the darker the nearer it is to that
 * of the channel's best class. Only the cells on the screen exist.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, memo, useEffect, useMemo, useRef, useState } from 'react'
import { classColor } from '../../core/mosaic/classColors.ts'
import { stepInGrid } from '../../core/mosaic/gridSteps.ts'
import { whyNoClasses } from '../../core/scan/classMeans.ts'
import type { ClassMatrix } from '../../core/scan/classMatrix.ts'
import { inSentence } from '../../core/shownText.ts'
import type { AppState } from '../../state/appState.ts'
import { nameOfChannel } from '../../state/selectors/notes.ts'
import { classMatrix } from '../../state/selectors/classMatrix.ts'
import { tableOf } from '../../state/selectors/shown.ts'
import { formatActivation } from '../common/format.ts'
import { withIndex } from '../common/withIndex.ts'
import { useNames } from '../results/useNames.ts'
import { NotScanned } from '../scan/NotScanned.tsx'
import { useApp, useAppStore } from '../useApp.ts'
import { noteScroll, Thumbnail } from './table/Thumbnail.tsx'
import { useKeptWork } from './useKeptWork.ts'
import { useShownChannels } from './useShownChannels.ts'
import './classesView.css'

/** CSS pixels. */
const columnWidth = 52
const rowHeight = 26
const headHeight = 72
const headWidth = 132

/** How many rows and columns are drawn before they are scrolled to. */
const ahead = 3

function read(state: AppState, [layer]: readonly string[]): { readonly matrix: ClassMatrix | null } {
  return { matrix: classMatrix.of(state, layer!) }
}

export default function ClassesView({ layer }: { layer: string }) {
  const names = useMemo(() => [layer], [layer])
  const { found } = useKeptWork(classMatrix, names, read)
  const classCount = useApp((state) => tableOf(state)?.classNames.length ?? 0)
  const { matrix } = found
  const isKnown = matrix !== null && matrix.classes.length > 0
  return (
    <>
      <NotScanned layer={layer} />
      {isKnown && <Matrix key={layer} layer={layer} found={found} />}
      {matrix?.isDone && !isKnown && <p className="empty">{whyNoClasses(matrix.channels, classCount)}</p>}
    </>
  )
}

/** A cell by its row and column, from 0: row -1 is the head of a channel, column -1 that of a class. */
interface Cell {
  readonly row: number
  readonly column: number
}

function Matrix({ layer, found }: { layer: string; found: ReturnType<typeof read> }) {
  const { getState } = useAppStore()
  const scroller = useRef<HTMLDivElement>(null)
  const matrix = found.matrix!
  const classes = useMemo(() => found.matrix!.classes, [found])
  const { classNameOf } = useNames()
  const find = useApp((state) => state.find)
  const ofClass = useApp(({ finding }) => finding.ofClass)
  const sortedBy = classes.find((one) => classNameOf(one) === ofClass) ?? null
  const shown = useShownChannels()
  const channels = useMemo(
    () => (sortedBy === null ? shown : sortedChannels(found.matrix!, shown, sortedBy)),
    [found, shown, sortedBy],
  )
  const [at, setAt] = useState<Cell>({ row: 0, column: -1 })
  const [pointed, setPointed] = useState<Cell | null>(null)
  const stop = { row: Math.min(at.row, classes.length - 1), column: Math.min(at.column, channels.length - 1) }

  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: classes.length,
    overscan: ahead,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    paddingStart: headHeight,
    scrollPaddingStart: headHeight,
    // The cell with the focus stays, or the focus would be lost.
    rangeExtractor: (range) => withIndex(range, stop.row),
  })
  const columns = useVirtualizer({
    horizontal: true,
    count: channels.length,
    overscan: ahead,
    getScrollElement: () => scroller.current,
    estimateSize: () => columnWidth,
    paddingStart: headWidth,
    scrollPaddingStart: headWidth,
    rangeExtractor: (range) => withIndex(range, stop.column),
  })

  const moving = useRef(false)
  const { row: stopRow, column: stopColumn } = stop
  useEffect(() => {
    if (!moving.current) return
    moving.current = false
    scroller.current
      ?.querySelector<HTMLElement>(`[data-cell="${stopRow} ${stopColumn}"]`)
      ?.focus({ preventScroll: true })
  })

  const sortBy = (row: number): void => {
    const name = classNameOf(classes[row]!)
    find({ ofClass: ofClass === name ? null : name })
  }
  const open = ({ row, column }: Cell): void => {
    if (column < 0) sortBy(row)
    else getState().showChannel(channels[column]!)
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      return open(stop)
    }
    // With the heads of the classes, there is a column more. Heads of channels are only for the pointer.
    const width = channels.length + 1
    const grid = {
      items: classes.length * width,
      columns: width,
      rowsPerPage: rows.getVirtualItems().length - 2 * ahead,
    }
    const to = stepInGrid(event.key, stop.row * width + stop.column + 1, grid)
    if (to === null) return
    event.preventDefault()
    const next = { row: Math.floor(to / width), column: (to % width) - 1 }
    moving.current = true
    setAt(next)
    rows.scrollToIndex(next.row, { align: 'auto' })
    if (next.column >= 0) columns.scrollToIndex(next.column, { align: 'auto' })
    else scroller.current?.scrollTo({ left: 0 })
  }

  const cellOf = (target: EventTarget): Cell | null => {
    const text = (target as Element).closest<HTMLElement>('[data-cell]')?.dataset['cell']
    if (text === undefined) return null
    const [row, column] = text.split(' ').map(Number) as [number, number]
    return { row, column }
  }
  const told = pointed ?? stop
  return (
    <>
      <p className="classes-told muted">
        {told.column < 0
          ? 'Mean maximum of each class, the darker the nearer to that of the channel’s best class. A click on a class sorts by it.'
          : cellText(matrix, classes[told.row]!, channels[told.column]!, classNameOf(classes[told.row]!))}
      </p>
      <div
        ref={scroller}
        className="classes-grid"
        role="grid"
        tabIndex={-1}
        aria-label="Classes and channels"
        aria-rowcount={classes.length + 1}
        aria-colcount={channels.length + 1}
        onKeyDown={onKeyDown}
        onScroll={noteScroll}
        onClick={({ target }) => {
          const cell = cellOf(target)
          if (!cell) return
          if (cell.row >= 0) setAt(cell)
          open(cell)
        }}
        onPointerMove={({ target }) => {
          const cell = cellOf(target)
          const isData = cell !== null && cell.row >= 0 && cell.column >= 0
          setPointed((before) =>
            !isData ? null : before?.row === cell.row && before.column === cell.column ? before : cell,
          )
        }}
        onPointerLeave={() => setPointed(null)}
      >
        <div
          className="classes-sheet"
          role="presentation"
          style={{ width: columns.getTotalSize(), height: rows.getTotalSize() }}
        >
          <div className="classes-head" role="row" aria-rowindex={1}>
            <div className="classes-corner" role="columnheader" aria-colindex={1}>
              <span className="visually-hidden">Class</span>
            </div>
            {columns.getVirtualItems().map(({ index, start }) => (
              <ChannelHead
                key={channels[index]}
                layer={layer}
                channel={channels[index]!}
                column={index}
                left={start}
              />
            ))}
          </div>
          {rows.getVirtualItems().map(({ index: row, start: top }) => {
            const classNumber = classes[row]!
            const name = classNameOf(classNumber)
            return (
              <div
                key={classNumber}
                className="classes-row"
                role="row"
                aria-rowindex={row + 2}
                style={{ top }}
              >
                <div
                  className="classes-name"
                  role="rowheader"
                  aria-colindex={1}
                  aria-sort={classNumber === sortedBy ? 'descending' : 'none'}
                  title={`${inSentence(name)}: ${matrix.imagesOf(classNumber).toLocaleString('en')} images`}
                  tabIndex={stop.row === row && stop.column === -1 ? 0 : -1}
                  data-cell={`${row} -1`}
                >
                  <i style={{ background: classColor(classNumber) }} />
                  <span dir="auto">{name}</span>
                </div>
                {columns.getVirtualItems().map(({ index: column, start: left }) => {
                  const channel = channels[column]!
                  const mean = matrix.mean(classNumber, channel)
                  const isKnown = !Number.isNaN(mean)
                  return (
                    <div
                      key={channel}
                      className="classes-cell"
                      role="gridcell"
                      aria-colindex={column + 2}
                      aria-label={`Channel ${channel}: ${isKnown ? formatActivation(mean) : 'not known'}`}
                      tabIndex={stop.row === row && stop.column === column ? 0 : -1}
                      data-cell={`${row} ${column}`}
                      style={
                        {
                          left,
                          '--level': isKnown ? matrix.level(classNumber, channel).toFixed(3) : 0,
                        } as React.CSSProperties
                      }
                    />
                  )
                })}
              </div>
            )
          })}
        </div>
      </div>
    </>
  )
}

const ChannelHead = memo(function ChannelHead({
  layer,
  channel,
  column,
  left,
}: {
  layer: string
  channel: number
  column: number
  /** CSS pixels. */
  left: number
}) {
  const isOpen = useApp((state) => state.channel === channel)
  const name = useApp((state) => nameOfChannel(state, layer, channel))
  return (
    <div
      className="classes-channel"
      title={name || undefined}
      role="columnheader"
      aria-colindex={column + 2}
      aria-label={`Channel ${channel}`}
      data-cell={`-1 ${column}`}
      data-open={isOpen || undefined}
      style={{ left }}
    >
      <Thumbnail layer={layer} channel={channel} />
      <span>{channel}</span>
    </div>
  )
})

/** Highest mean first; channels without one come last, in the order in which they were. */
function sortedChannels(matrix: ClassMatrix, channels: readonly number[], classNumber: number): number[] {
  const key = (channel: number): number => {
    const mean = matrix.mean(classNumber, channel)
    return Number.isNaN(mean) ? -Infinity : mean
  }
  return channels.toSorted((a, b) => key(b) - key(a) || 0)
}

function cellText(matrix: ClassMatrix, classNumber: number, channel: number, name: string): string {
  const mean = matrix.mean(classNumber, channel)
  if (Number.isNaN(mean)) return `${inSentence(name)}, channel ${channel}: not known, or dead`
  return `${inSentence(name)}, channel ${channel}: mean maximum ${formatActivation(mean)} of ${matrix.imagesOf(classNumber).toLocaleString('en')} images`
}
