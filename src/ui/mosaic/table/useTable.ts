/**
 * @file The table of some layers' channels. Measuring tens of thousands of channels takes seconds, so it is done in turns; the
 * table is there at once, with the first values after a moment and with all of them at the end.
 */
import { useDeferredValue, useMemo } from 'react'
import { type ChannelTable, findRows } from '../../../core/mosaic/channelTable.ts'
import { knownOnes, measures } from '../../../core/scan/measures/index.ts'
import { notesAt } from '../../../core/notes/noteBook.ts'
import { passes, shownNote } from '../../../core/notes/shownNote.ts'
import type { Finding } from '../../../core/mosaic/finding.ts'
import { measured, measuredTable } from '../../../state/selectors/measured.ts'
import { bestClassOf } from '../../../state/selectors/shownOrder.ts'
import { useKeptWork } from '../useKeptWork.ts'
import { useNames } from '../../results/useNames.ts'
import { useApp } from '../../useApp.ts'

export interface FoundTable {
  readonly table: ChannelTable
  /** The rows that were looked for, in their order. */
  readonly rows: Uint32Array
  /** The number of measured channels; null if all are. */
  readonly done: number | null
}

/** `names` must be the same array as long as it has the same names. */
export function useTable(names: readonly string[]): FoundTable {
  const { found: table, isDone } = useKeptWork(measured, names, measuredTable)
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
        noteOf(layer, channel) {
          const own = notes.get(layer)?.get(channel)
          if (!own) return ''
          const { name, family, note, lists } = shownNote(own)
          return [name, family, note, ...lists].join('\n')
        },
        classNameOf,
      }),
    // Names of classes change with the table of images, and so with the measures.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [table, finding, hideDead, topClass, notes, noted],
  )
  const done = isDone ? null : table.layers.reduce((sum, layer) => sum + (layer.measured?.done ?? 0), 0)
  return { table, rows, done }
}

/** Without the measures of another version of the app, which an address may name. */
function knownFinding(finding: Finding): Finding {
  const { column } = finding
  return {
    ...finding,
    column: measures.some(({ id }) => id === column) ? column : null,
    ranges: knownOnes(finding.ranges),
  }
}
