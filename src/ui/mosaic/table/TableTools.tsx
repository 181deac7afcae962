/** @file The controls of a table of channels: search, filters that are set, how many rows there are, and what can be saved. */
import { Download, Search, X } from 'lucide-react'
import { Button, Input, SearchField, Switch } from 'react-aria-components'
import type { Range } from '../../../core/mosaic/finding.ts'
import { nothingSought } from '../../../core/mosaic/finding.ts'
import type { MeasureHead } from '../../../core/scan/measures/measure.ts'
import { measures } from '../../../core/scan/measures/index.ts'
import { isMeasuredEarlier } from '../../../state/selectors/measured.ts'
import { bestClassOf } from '../../../state/selectors/shownOrder.ts'
import { modelOf } from '../../../state/selectors/shown.ts'
import { named } from '../../common/named.ts'
import { useApp } from '../../useApp.ts'
import { ClassChoice } from '../ClassChoice.tsx'
import type { ColourMeasuring } from '../useColourMeasuring.ts'
import { formatMeasure } from './columns.ts'
import type { FoundTable } from './useTable.ts'

interface Props extends FoundTable {
  names: readonly string[]
  /** The number of chosen rows. */
  chosen: number
  /** `measure` is about the chosen rows. */
  colour: Pick<ColourMeasuring, 'progress' | 'stop'> & { readonly measure: () => void }
  onSave: () => void
}

export function TableTools({ names, table, rows, done, chosen, colour, onSave }: Props) {
  const text = useApp(({ finding }) => finding.text)
  const ranges = useApp(({ finding }) => finding.ranges)
  const find = useApp((state) => state.find)
  const hideDead = useApp((state) => state.hideDead)
  const hasClass = useApp((state) => bestClassOf(state) !== null)
  const noted = useApp((state) => state.noted)
  const setView = useApp((state) => state.setView)
  const isEarlier = useApp((state) => isMeasuredEarlier(state, names))
  const canRun = useApp((state) => modelOf(state) !== null && state.images !== null)
  const { progress } = colour
  const sortAgain = useApp((state) => state.sortAgain)
  const count = (number: number): string => number.toLocaleString('en')
  const set = measures.filter(({ id }) => ranges[id])
  const isAny = set.length > 0 || text !== '' || hideDead || hasClass || noted !== null
  return (
    <div className="table-tools" role="group" aria-label="Filter">
      <SearchField
        className="search"
        aria-label="Search channels"
        value={text}
        onChange={(value) => find({ text: value })}
      >
        <Search size={14} aria-hidden />
        <Input className="search-input" placeholder="Layer, number, name, class" />
        <Button className="search-clear" aria-label="Clear the search">
          <X size={14} />
        </Button>
      </SearchField>
      <ClassChoice label="Top class" />
      <Switch className="switch" isSelected={hideDead} onChange={(value) => setView({ hideDead: value })}>
        <span className="switch-track" aria-hidden />
        Hide dead
      </Switch>
      {set.map((measure) => (
        <Button
          key={measure.id}
          className="button quiet filter-chip"
          aria-label={`Take away the filter ${rangeText(measure, ranges[measure.id]!)}`}
          onPress={() => {
            const { [measure.id]: _, ...others } = ranges
            find({ ranges: others })
          }}
        >
          {rangeText(measure, ranges[measure.id]!)} <X size={12} aria-hidden />
        </Button>
      ))}
      <span className="spacer" />
      <span role="status" className="muted">
        {done === null
          ? `${count(rows.length)} of ${count(table.rows)}`
          : `Measuring: ${count(done)} of ${count(table.rows)}`}
        {chosen > 0 && `, ${count(chosen)} chosen`}
        {progress && `, colour or shape: ${count(progress.done)} of ${count(progress.of)}`}
      </span>
      {isAny && (
        <Button
          className="button quiet"
          onPress={() => {
            find({ text: nothingSought.text, ranges: nothingSought.ranges })
            setView({ hideDead: false, bestClass: null, noted: null })
          }}
        >
          Show all
        </Button>
      )}
      {isEarlier && (
        <Button className="button quiet" onPress={sortAgain}>
          Measure again
        </Button>
      )}
      {(progress !== null || (chosen > 0 && canRun)) && (
        // One button for both, which keeps the focus.
        <Button
          className="button quiet"
          {...named(progress ? '' : 'Runs the top patches of the chosen rows in grey, blurred and shuffled')}
          onPress={progress ? colour.stop : colour.measure}
        >
          {progress ? 'Stop measuring' : 'Measure colour or shape'}
        </Button>
      )}
      <Button className="button quiet" isDisabled={rows.length === 0} onPress={onSave}>
        <Download size={16} aria-hidden /> Save {chosen > 0 ? count(chosen) : 'table'}
      </Button>
    </div>
  )
}

/** `Fires ≥ 20 %`, `Choosy 0.20 to 0.80` */
function rangeText(measure: MeasureHead, [from, to]: Range): string {
  const write = (value: number): string => formatMeasure(measure, value)
  if (from === null) return `${measure.label} ≤ ${write(to!)}`
  if (to === null) return `${measure.label} ≥ ${write(from)}`
  return `${measure.label} ${write(from)} to ${write(to)}`
}
