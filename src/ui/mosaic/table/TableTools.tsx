/** @file The controls of a table of channels: search, filters that are set, how many rows there are, and what can be saved. */
import { Download, Search, X } from 'lucide-react'
import { Button, Input, SearchField, Switch } from 'react-aria-components'
import { nothingSought } from '../../../core/mosaic/finding.ts'
import { type AskedMeasure, knownOnes } from '../../../core/scan/measures/index.ts'
import { isMeasuredEarlier } from '../../../state/selectors/measured.ts'
import { bestClassOf } from '../../../state/selectors/shownOrder.ts'
import { modelOf } from '../../../state/selectors/shown.ts'
import { named } from '../../common/named.ts'
import { useApp } from '../../useApp.ts'
import { ClassChoice } from '../ClassChoice.tsx'
import type { Measuring } from '../useMeasuring.ts'
import { SetRanges } from './SetRanges.tsx'
import type { FoundTable } from './useTable.ts'

/** What can be measured of the chosen rows. */
const asked: Readonly<Record<AskedMeasure, { readonly text: string; readonly hint: string }>> = {
  colour: {
    text: 'colour or shape',
    hint: 'Runs the top patches of the chosen rows in grey, blurred and shuffled',
  },
  alike: {
    text: 'alike patches',
    hint: 'Compares the pixels of the top patches of the chosen rows: how many look like a better one',
  },
}

interface Props extends FoundTable {
  names: readonly string[]
  /** The number of chosen rows. */
  chosen: number
  /** `measure` is about the chosen rows. */
  measuring: Pick<Measuring, 'progress' | 'stop'> & { readonly measure: (what: AskedMeasure) => void }
  onSave: () => void
}

export function TableTools({ names, table, rows, done, chosen, measuring, onSave }: Props) {
  const text = useApp(({ finding }) => finding.text)
  const ranges = useApp(({ finding }) => finding.ranges)
  const find = useApp((state) => state.find)
  const hideDead = useApp((state) => state.hideDead)
  const hasClass = useApp((state) => bestClassOf(state) !== null)
  const noted = useApp((state) => state.noted)
  const setView = useApp((state) => state.setView)
  const isEarlier = useApp((state) => isMeasuredEarlier(state, names))
  const hasImages = useApp((state) => state.images !== null)
  const canRun = useApp((state) => modelOf(state) !== null && state.images !== null)
  const can = { colour: canRun, alike: hasImages }
  const { progress } = measuring
  const sortAgain = useApp((state) => state.sortAgain)
  const count = (number: number): string => number.toLocaleString('en')
  const isAny =
    Object.keys(knownOnes(ranges)).length > 0 || text !== '' || hideDead || hasClass || noted !== null
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
      <SetRanges />
      <span className="spacer" />
      <span role="status" className="muted">
        {done === null
          ? `${count(rows.length)} of ${count(table.rows)}`
          : `Measuring: ${count(done)} of ${count(table.rows)}`}
        {chosen > 0 && `, ${count(chosen)} chosen`}
        {progress && `, ${asked[progress.what].text}: ${count(progress.done)} of ${count(progress.of)}`}
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
      {(Object.keys(asked) as AskedMeasure[])
        // The one that is pressed becomes the one that stops, and keeps the focus.
        .filter((what) => (progress ? what === progress.what : chosen > 0 && can[what]))
        .map((what) => (
          <Button
            key={what}
            className="button quiet"
            {...named(progress ? '' : asked[what].hint)}
            onPress={progress ? measuring.stop : () => measuring.measure(what)}
          >
            {progress ? 'Stop measuring' : `Measure ${asked[what].text}`}
          </Button>
        ))}
      <Button className="button quiet" isDisabled={rows.length === 0} onPress={onSave}>
        <Download size={16} aria-hidden /> Save {chosen > 0 ? count(chosen) : 'table'}
      </Button>
    </div>
  )
}
