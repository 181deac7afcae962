/**
 * @file The rows of the model summary as a grid, in which layers are chosen. Of networks of thousands of layers only the rows on the
 * screen exist, as all of them would take the page seconds.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  type KeyboardEvent,
  memo,
  type MouseEvent,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { stepInGrid } from '../../core/mosaic/gridSteps.ts'
import { inSentence } from '../../core/shownText.ts'
import { withIndex } from '../common/withIndex.ts'
import type { LayerFacts } from './layerFacts.ts'
import { LayerName } from './LayerName.tsx'
import { type SummaryColumn, summaryWidths } from './summaryColumns.ts'

interface Props {
  /** Of all layers. */
  facts: readonly LayerFacts[]
  columns: readonly SummaryColumn[]
  chosen: ReadonlySet<string>
  /** Must stay the same, as each row has it. */
  onChoose: (names: ReadonlySet<string>) => void
}

/** Of a row whose note takes one line; others are measured. CSS pixels. */
const rowHeight = 34
/** The number of rows that are drawn before they are scrolled to. */
const rowsAhead = 6
/** Up to this many rows all are there, so that the browser's search finds them. */
const plainRows = 200

export function LayerRows({ facts, columns, chosen, onChoose }: Props) {
  const scroller = useRef<HTMLDivElement>(null)
  const widths = useMemo(() => summaryWidths(columns, facts), [columns, facts])
  /** The row that Tab leads to. */
  const [stop, setStop] = useState(0)
  // oxlint-disable-next-line react/incompatible-library
  const virtualizer = useVirtualizer({
    count: facts.length,
    overscan: facts.length <= plainRows ? plainRows : rowsAhead,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    // The row with the focus stays, or the focus would be lost.
    rangeExtractor: (range) => withIndex(range, stop),
  })

  const latest = useRef(chosen)
  useEffect(() => {
    latest.current = chosen
  })
  /** The row that was chosen or left out last, from which Shift goes to another. */
  const anchor = useRef(0)
  const toggle = useCallback(
    (index: number, isRange: boolean) => {
      const next = new Set(latest.current)
      const isWanted = !next.has(facts[index]!.name)
      const from = isRange ? anchor.current : index
      for (const { name } of facts.slice(Math.min(from, index), Math.max(from, index) + 1)) {
        if (isWanted) next.add(name)
        else next.delete(name)
      }
      anchor.current = index
      onChoose(next)
    },
    [facts, onChoose],
  )
  const scannable = useMemo(() => facts.filter(({ notScannable }) => notScannable === null), [facts])
  const chosenCount = scannable.filter(({ name }) => chosen.has(name)).length
  const chooseAll = (isWanted: boolean): void =>
    onChoose(new Set(isWanted ? scannable.map(({ name }) => name) : []))

  const moving = useRef(false)
  useEffect(() => {
    if (!moving.current) return
    moving.current = false
    scroller.current?.querySelector<HTMLElement>(`[data-index="${stop}"]`)?.focus({ preventScroll: true })
  }, [stop])
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = Number((event.target as HTMLElement).dataset['index'])
    if (event.altKey || !Number.isInteger(index)) return
    if (event.ctrlKey || event.metaKey) {
      if (event.key !== 'a') return
      event.preventDefault()
      return chooseAll(true)
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      if (facts[index]!.notScannable === null) toggle(index, event.shiftKey)
      return
    }
    const rowsPerPage = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 1
    const to = stepInGrid(event.key, index, { items: facts.length, columns: 1, rowsPerPage })
    if (to === null || event.key === 'ArrowLeft' || event.key === 'ArrowRight') return
    event.preventDefault()
    moving.current = to !== index
    setStop(to)
    virtualizer.scrollToIndex(to, { align: 'auto' })
  }
  return (
    <div
      ref={scroller}
      className="layer-rows"
      role="grid"
      tabIndex={-1}
      aria-label="Model summary"
      aria-rowcount={facts.length + 1}
      aria-multiselectable
      style={{ '--columns': widths.columns, '--least': widths.least } as CSSProperties}
      onKeyDown={onKeyDown}
    >
      <div className="layer-rows-head" role="row" aria-rowindex={1}>
        <div role="columnheader">
          <Box
            label="Choose all layers"
            isChecked={chosenCount > 0 && chosenCount === scannable.length}
            isMixed={chosenCount > 0 && chosenCount < scannable.length}
            onChange={() => chooseAll(chosenCount < scannable.length)}
          />
        </div>
        <div role="columnheader">Name</div>
        {columns.map(({ title, isNumber }) => (
          <div key={title} role="columnheader" data-number={isNumber}>
            {title}
          </div>
        ))}
        <div role="columnheader">Note</div>
      </div>
      <div className="layer-rows-sheet" role="presentation" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => (
          <Row
            key={index}
            facts={facts[index]!}
            columns={columns}
            top={start}
            isStop={index === stop}
            isChosen={chosen.has(facts[index]!.name)}
            onToggle={toggle}
            onFocus={setStop}
            onSize={virtualizer.measureElement}
          />
        ))}
      </div>
    </div>
  )
}

interface RowProps {
  facts: LayerFacts
  columns: readonly SummaryColumn[]
  /** CSS pixels. */
  top: number
  /** Whether Tab leads to it. */
  isStop: boolean
  isChosen: boolean
  onToggle: (index: number, isRange: boolean) => void
  onFocus: (index: number) => void
  onSize: (row: HTMLElement | null) => void
}

const Row = memo(function Row({
  facts,
  columns,
  top,
  isStop,
  isChosen,
  onToggle,
  onFocus,
  onSize,
}: RowProps) {
  const { index, name, note, notScannable } = facts
  const isScannable = notScannable === null
  return (
    // Keys are the grid's.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      ref={onSize}
      className="layer-row"
      role="row"
      // The head is the first.
      aria-rowindex={index + 2}
      aria-selected={isScannable ? isChosen : undefined}
      tabIndex={isStop ? 0 : -1}
      data-index={index}
      style={{ top }}
      onFocus={(event) => event.target === event.currentTarget && onFocus(index)}
      onClick={({ target, shiftKey }: MouseEvent) => {
        // A click on the label is one on its box, too, which comes right after.
        if (isScannable && !(target as Element).matches('label')) onToggle(index, shiftKey)
      }}
    >
      <div role="gridcell">
        {isScannable && <Box label={`Choose ${inSentence(name)}`} isChecked={isChosen} isInRow />}
      </div>
      <div role="rowheader" title={name}>
        <LayerName name={name} />
      </div>
      {columns.map(({ title, text, isNumber }) => (
        <div key={title} role="gridcell" data-number={isNumber}>
          {text(facts)}
        </div>
      ))}
      <div role="gridcell" className="layer-row-note">
        {isScannable ? note : `Not scanned: ${notScannable}.`}
      </div>
    </div>
  )
})

interface BoxProps {
  label: string
  isChecked: boolean
  isMixed?: boolean
  /** The row's click is the box's. */
  isInRow?: boolean
  onChange?: () => void
}

function Box({ label, isChecked, isMixed = false, isInRow = false, onChange }: BoxProps) {
  return (
    // What can be pressed is larger than the box.
    <label className="layer-row-tick">
      <input
        ref={(box) => {
          if (box) box.indeterminate = isMixed
        }}
        type="checkbox"
        aria-label={label}
        tabIndex={isInRow ? -1 : 0}
        checked={isChecked}
        readOnly={isInRow}
        onChange={onChange}
      />
    </label>
  )
}
