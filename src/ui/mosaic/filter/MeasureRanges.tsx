/** @file Measures of the shown layer's channels as tiny histograms, in which the range is chosen whose channels are shown. */
import { useMemo } from 'react'
import { choosy } from '../../../core/scan/measures/choosy.ts'
import { fires } from '../../../core/scan/measures/fires.ts'
import type { MeasureHead } from '../../../core/scan/measures/measure.ts'
import { measured, measuredTable } from '../../../state/selectors/measured.ts'
import { tableOf } from '../../../state/selectors/shown.ts'
import { useApp } from '../../useApp.ts'
import { RangeFilter } from '../table/RangeFilter.tsx'
import { SetRanges } from '../table/SetRanges.tsx'
import { rangeText, shownMeasures } from '../table/columns.ts'
import { useRange } from '../table/useRange.ts'
import { useKeptWork } from '../useKeptWork.ts'
import './measureRanges.css'

const offered = [fires.id, choosy.id]

/** Ranges of other measures, as the finder sets them, are there to be taken away. */
export default function MeasureRanges({ layer }: { layer: string }) {
  const names = useMemo(() => [layer], [layer])
  const { found: table } = useKeptWork(measured, names, measuredTable)
  const classes = useApp((state) => tableOf(state)?.classNames.length ?? 0)
  const columns = useMemo(
    () =>
      shownMeasures(classes, [])
        .filter(({ id }) => offered.includes(id))
        .map((measure) => ({ measure, values: table.values(measure.id) })),
    [classes, table],
  )
  return (
    <>
      {columns.map(({ measure, values }) => (
        <MeasureRange key={measure.id} measure={measure} values={values} />
      ))}
      <SetRanges without={offered} />
    </>
  )
}

function MeasureRange({ measure, values }: { measure: MeasureHead; values: Float64Array }) {
  const [range, setRange] = useRange(measure.id)
  return (
    <div
      className="measure-range"
      data-set={range !== undefined || undefined}
      title={range ? rangeText(measure, range) : measure.sentence}
    >
      <span>{measure.label}</span>
      <RangeFilter measure={measure} values={values} range={range} onChange={setRange} />
    </div>
  )
}
