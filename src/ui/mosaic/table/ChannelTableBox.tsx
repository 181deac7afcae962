/** @file A table of channels with its controls. */
import { useMemo, useState } from 'react'
import { colourMeasures } from '../../../core/scan/measures/colourOrShape.ts'
import { loss } from '../../../core/scan/measures/loss.ts'
import { isColourShown, isLossShown } from '../../../state/selectors/measured.ts'
import { tableFile } from '../../../state/exports/tableFile.ts'
import { saveFile } from '../../common/saveFile.ts'
import { useApp, useAppStore } from '../../useApp.ts'
import { useColourMeasuring } from '../useColourMeasuring.ts'
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
  const colour = useColourMeasuring()
  const hasColour = useApp((state) => isColourShown(state, names)) || colour.progress !== null
  const hasLoss = useApp((state) => isLossShown(state, names))
  const asked = useMemo(
    () => [...(hasLoss ? [loss] : []), ...(hasColour ? colourMeasures : [])],
    [hasLoss, hasColour],
  )
  const measureColour = (): void =>
    colour.measure(
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
        colour={{ ...colour, measure: measureColour }}
        onSave={save}
      />
      <ChannelRows
        {...found}
        label={label}
        hasLayers={names.length > 1}
        asked={asked}
        chosen={chosen}
        setChosen={setChosen}
        onOpen={onOpen}
        {...(onStep && { onStep })}
      />
    </>
  )
}
