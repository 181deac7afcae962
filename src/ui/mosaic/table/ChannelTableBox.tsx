/** @file A table of channels with its controls. */
import { useMemo, useState } from 'react'
import { type AskedMeasure, askedMeasures } from '../../../core/scan/measures/index.ts'
import { loss } from '../../../core/scan/measures/loss.ts'
import { isLossShown, shownAsked } from '../../../state/selectors/measured.ts'
import { tableFile } from '../../../state/exports/tableFile.ts'
import { saveFile } from '../../common/saveFile.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { useMeasuring } from '../useMeasuring.ts'
import { ChannelRows } from './ChannelRows.tsx'
import { TableTools } from './TableTools.tsx'
import { useTable } from './useTable.ts'

interface Props {
  /** The accessible name of the table. */
  label: string
  /** The layers, the same array as long as they are the same. */
  names: readonly string[]
  onOpen: (layer: string, channel: number) => void
  onStep?: (layer: string, channel: number) => void
}

export function ChannelTableBox({ label, names, onOpen, onStep }: Props) {
  const { getState } = useAppStore()
  const found = useTable(names)
  const { table, rows } = found
  const [chosen, setChosen] = useState<ReadonlySet<number>>(new Set())
  // A row that is no longer shown is no longer chosen.
  const shown = rows.filter((row) => chosen.has(row))
  const measuring = useMeasuring()
  const under = measuring.progress?.what
  // A text is the same one as long as the measures are.
  const asked = useApp((state) => shownAsked(state, names).join(' '))
  const hasLoss = useApp((state) => isLossShown(state, names))
  const columns = useMemo(
    () => [
      ...(hasLoss ? [loss] : []),
      ...(Object.keys(askedMeasures) as AskedMeasure[])
        .filter((what) => asked.includes(what) || what === under)
        .flatMap((what) => askedMeasures[what]),
    ],
    [hasLoss, asked, under],
  )
  const measure = (what: AskedMeasure): void =>
    measuring.measure(
      what,
      Array.from(shown, (row) => {
        const { layer, channel } = table.place(row)
        return { layer: layer.name, channel }
      }),
    )
  const save = (): void => saveFile(tableFile(getState(), table, shown.length > 0 ? shown : rows))
  return (
    <>
      <TableTools
        {...found}
        names={names}
        chosen={shown.length}
        measuring={{ ...measuring, measure }}
        onSave={save}
      />
      <ChannelRows
        {...found}
        label={label}
        hasLayers={names.length > 1}
        asked={columns}
        chosen={chosen}
        setChosen={setChosen}
        onOpen={onOpen}
        {...(onStep && { onStep })}
      />
    </>
  )
}
