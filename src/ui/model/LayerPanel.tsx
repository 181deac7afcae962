/** @file The layers: searched, narrowed, listed, and which of them a scan takes. */
import { ChevronDown, Table2 } from 'lucide-react'
import { lazy, Suspense, useMemo, useState } from 'react'
import { Button, DialogTrigger, ToggleButton } from 'react-aria-components'
import { formatCount } from '../common/format.ts'
import { Later } from '../common/Later.tsx'
import { TourStop } from '../tour/TourStop.tsx'
import { useApp } from '../useApp.ts'
import { layerFacts, totalParameters } from './layerFacts.ts'
import { filterLayers, noFilter } from './layerFilter.ts'
import { LayerFilterBar } from './LayerFilterBar.tsx'
import { LayerList } from './LayerList.tsx'
import { ScopeChoice } from './ScopeChoice.tsx'

/** Seldom opened, and a table is a large component: it comes when it is asked for. */
const LayerTable = lazy(() => import('./LayerTable.tsx'))

export function LayerPanel() {
  const model = useApp((state) => state.model)!
  const facts = useMemo(() => model.network.layers.map((_, i) => layerFacts(model, i)), [model])
  const [filterOf, setFilter] = useState({ model, filter: noFilter })
  // Another model has other layers.
  const filter = filterOf.model === model ? filterOf.filter : noFilter
  const shown = useMemo(() => filterLayers(facts, filter), [facts, filter])
  /** On small screens the list is one row high, or a page. */
  const [open, setOpen] = useState(false)
  const total = totalParameters(model)
  return (
    <aside className="layers" aria-label="Model" data-open={open || undefined}>
      <div className="panel-head">
        <h2>Layers</h2>
        <span className="muted wide-only">
          {shown.length === facts.length
            ? `${formatCount(total)} parameters`
            : `${shown.length} of ${facts.length}`}
        </span>
        <span className="spacer" />
        <ToggleButton
          className="icon-button narrow-only"
          aria-label="All layers"
          isSelected={open}
          onChange={setOpen}
        >
          <ChevronDown size={18} />
        </ToggleButton>
        <DialogTrigger>
          <Button className="icon-button" aria-label="Model summary">
            <Table2 size={16} />
          </Button>
          <Suspense>
            <LayerTable facts={facts} total={total} />
          </Suspense>
        </DialogTrigger>
      </div>
      <LayerFilterBar facts={facts} filter={filter} onChange={(next) => setFilter({ model, filter: next })} />
      <TourStop place="layers" />
      <Later>
        <LayerList facts={shown} onChoose={() => setOpen(false)} />
      </Later>
      <ScopeChoice />
    </aside>
  )
}
