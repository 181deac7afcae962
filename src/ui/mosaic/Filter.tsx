/** @file Which channels are shown: dead ones or not, those of one class only, those in a range of a measure. */
import { ListFilter } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Button, Dialog, DialogTrigger, Switch } from 'react-aria-components'
import { channelCount } from '../../core/model/network.ts'
import { nothingSought } from '../../core/mosaic/finding.ts'
import type { AppState } from '../../state/appState.ts'
import { shownOrder } from '../../state/selectors/shownOrder.ts'
import { resultOf, shapeOf } from '../../state/selectors/shown.ts'
import { Choice } from '../common/Choice.tsx'
import { DialogPopover } from '../common/DialogPopover.tsx'
import { named } from '../common/named.ts'
import { noteFilters } from '../notes/noteFilters.ts'
import { useApp } from '../useApp.ts'
import { ClassChoice } from './ClassChoice.tsx'
import './filter.css'

/** These come with the table of channels, as they are its parts. */
const MeasureRanges = lazy(() => import('./filter/MeasureRanges.tsx'))
const Chips = lazy(() => import('./filter/FilterChips.tsx'))
const KeepMeasured = lazy(() => import('./filter/KeepMeasured.tsx'))

export function Filter() {
  const hideDead = useApp((state) => state.hideDead)
  const alikeOnce = useApp((state) => state.alikeOnce)
  const noted = useApp((state) => state.noted ?? '')
  const notes = useApp((state) => state.notes)
  const showPage = useApp((state) => state.showPage)
  const setView = useApp((state) => state.setView)
  const hidden = useApp(hiddenChannels)
  const layer = useApp((state) => state.layer)
  const isScanned = useApp(isShownScanned)
  const find = useApp((state) => state.find)
  return (
    <div className="filter" role="group" aria-label="Filter">
      <Switch className="switch" isSelected={hideDead} onChange={(value) => setView({ hideDead: value })}>
        <span className="switch-track" aria-hidden />
        Hide dead
      </Switch>
      <Switch className="switch" isSelected={alikeOnce} onChange={(value) => setView({ alikeOnce: value })}>
        <span className="switch-track" aria-hidden />
        Alike patches once
      </Switch>
      <ClassChoice label="Best class" />
      {isScanned && layer !== null && (
        <Suspense>
          <MeasureRanges key={layer} layer={layer} />
        </Suspense>
      )}
      <Choice
        label="Notes"
        showLabel
        value={noted}
        options={noteFilters(notes, noted, 'any')}
        onChange={(value) => setView({ noted: value === '' ? null : value })}
      />
      <p className="muted" role="status">
        {hidden === 0 ? 'All channels are shown.' : `${hidden.toLocaleString('en')} channels are hidden.`}
      </p>
      {hidden > 0 && (
        <Button
          className="button"
          onPress={() => {
            find({ ranges: nothingSought.ranges })
            setView({ hideDead: false, bestClass: null, noted: null })
          }}
        >
          Show all
        </Button>
      )}
      <Button slot="close" className="button quiet" onPress={() => showPage('notes')}>
        All names and notes
      </Button>
    </div>
  )
}

/** Those that are used most, in the row of controls; on less wide pages that row is not there. */
export function FilterChips() {
  const layer = useApp((state) => state.layer)
  const isScanned = useApp(isShownScanned)
  if (!isScanned || layer === null) return null
  return (
    <Suspense>
      <Chips layer={layer} />
    </Suspense>
  )
}

/** Measures the shown layer while ranges are set, whatever is shown of them. */
export function RangeWatch() {
  const layer = useApp((state) => state.layer)
  const isWanted = useApp((state) => state.finding.ranges !== nothingSought.ranges && isShownScanned(state))
  if (!isWanted || layer === null) return null
  return (
    <Suspense>
      <KeepMeasured key={layer} layer={layer} />
    </Suspense>
  )
}

/** Whether there is something to measure in the shown layer. */
function isShownScanned(state: AppState): boolean {
  return (resultOf(state, state.layer)?.scanned ?? 0) > 0
}

export function FilterMenu() {
  const hidden = useApp(hiddenChannels)
  const label = hidden > 0 ? `Filter, ${hidden.toLocaleString('en')} hidden` : 'Filter'
  return (
    <DialogTrigger>
      <Button className="button quiet" aria-label={label} {...named('Which channels are shown')}>
        <ListFilter size={16} aria-hidden />
        {/* With a space, as the words on the button are a part of its name. */}
        {hidden > 0 && `${hidden.toLocaleString('en')} `}
        <span className="toolbar-word">{hidden > 0 ? 'hidden' : 'Filter'}</span>
      </Button>
      <DialogPopover placement="bottom end">
        <Dialog className="dialog" aria-label="Filter">
          <Filter />
        </Dialog>
      </DialogPopover>
    </DialogTrigger>
  )
}

function hiddenChannels(state: AppState): number {
  const shape = shapeOf(state, state.layer)
  return shape ? channelCount(shape) - shownOrder(state).channels.length : 0
}
