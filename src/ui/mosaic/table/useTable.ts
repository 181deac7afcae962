/**
 * @file The table of some layers' channels. Measuring tens of thousands of channels takes seconds, so it is done in turns; the
 * table is there at once, with the first values after a moment and with all of them at the end.
 */
import { startTransition, useDeferredValue, useEffect, useMemo, useState } from 'react'
import { type ChannelTable, findRows } from '../../../core/mosaic/channelTable.ts'
import { measures } from '../../../core/scan/measures/index.ts'
import { notesAt } from '../../../core/notes/noteBook.ts'
import { passes, shownNote } from '../../../core/notes/shownNote.ts'
import type { Finding } from '../../../core/mosaic/finding.ts'
import { measuredOf, measuredTable, measureSome } from '../../../state/selectors/measured.ts'
import { bestClassOf } from '../../../state/selectors/shownOrder.ts'
import { dropTurn, inTurn } from '../../common/turns.ts'
import { useNames } from '../../results/useNames.ts'
import { useApp, useAppStore } from '../../useApp.ts'

/** The number of channels that are measured in one go: some 3 ms on a slow machine. */
const channelsAtOnce = 16
/** As many channels are told of as soon as they are measured: more than a screen holds. */
const firstChannels = 64

export interface FoundTable {
  readonly table: ChannelTable
  /** The rows that were looked for, in their order. */
  readonly rows: Uint32Array
  /** The number of measured channels; null if all are. */
  readonly measured: number | null
}

/** `names` must be the same array as long as it has the same names. */
export function useTable(names: readonly string[]): FoundTable {
  const { getState } = useAppStore()
  const { table, isDone } = useMeasuredTable(names)
  const finding = useDeferredValue(useApp((state) => state.finding))
  const hideDead = useApp((state) => state.hideDead)
  const topClass = useApp(bestClassOf)
  const notes = useApp((state) => state.notes)
  const noted = useApp((state) => state.noted)
  const { classNameOf } = useNames()
  const rows = useMemo(
    () =>
      findRows(table, {
        finding: knownFinding(finding),
        hideDead,
        topClass,
        isNoted:
          noted === null
            ? null
            : (layer, channel) => passes(noted, shownNote(notesAt(notes, layer, channel))),
        textOf(layer, channel) {
          const top = measuredOf(getState(), layer)?.topClass[channel]
          const { name, family, note, lists } = shownNote(notesAt(notes, layer, channel))
          return [top === undefined ? '' : classNameOf(top), name, family, note, ...lists].join('\n')
        },
      }),
    // Names of classes change with the table of images, and so with the measures.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [table, finding, hideDead, topClass, notes, noted],
  )
  const measured = isDone
    ? null
    : table.layers.reduce((sum, layer) => sum + (layer.measured?.measured ?? 0), 0)
  return { table, rows, measured }
}

/** Without the measures of another version of the app, which an address may name. */
function knownFinding(finding: Finding): Finding {
  const isKnown = (id: string): boolean => measures.some((measure) => measure.id === id)
  const column = finding.column !== null && isKnown(finding.column) ? finding.column : null
  const ranges = Object.fromEntries(Object.entries(finding.ranges).filter(([id]) => isKnown(id)))
  return { ...finding, column, ranges }
}

/** Measures the layers while it is used. There is another table whenever there is something new to see. */
function useMeasuredTable(names: readonly string[]): {
  readonly table: ChannelTable
  readonly isDone: boolean
} {
  const { getState, subscribe } = useAppStore()
  const [progress, setProgress] = useState(() => ({ table: measuredTable(getState(), names), isDone: false }))
  useEffect(() => {
    let at = 0
    let count = 0
    const tell = (isDone: boolean): void =>
      startTransition(() => setProgress({ table: measuredTable(getState(), names), isDone }))
    let isNews = false
    const step = (): void => {
      const name = names[at]
      if (name === undefined) return isNews ? tell(true) : undefined
      const measured = measureSome(getState(), name, channelsAtOnce)
      const before = count
      count += measured
      if (measured === 0) at++
      else isNews = true
      if (before < firstChannels && count >= firstChannels) tell(false)
      inTurn(step)
    }
    const begin = (isOther: boolean): void => {
      at = 0
      count = 0
      isNews = isOther
      inTurn(step)
    }
    begin(true)
    const unsubscribe = subscribe((state, before) => {
      const isOther = others.some((key) => state[key] !== before[key])
      if (isOther || state.revision !== before.revision) begin(isOther)
    })
    return () => {
      unsubscribe()
      dropTurn(step)
    }
  }, [names, getState, subscribe])
  return progress
}

/** The parts of the state that decide what is measured, besides the progress of a scan. */
const others = ['results', 'recorded', 'images', 'model', 'selection', 'k', 'sortsAsked'] as const
