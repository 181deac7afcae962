/** @file The panel of layers: search and filter, the list, and the choice of the layers that a scan takes. */
import { Table2 } from 'lucide-react'
import { useMemo, useState } from 'react'
import { formatCount } from '../common/format.ts'
import { IconButton } from '../common/IconButton.tsx'
import { Later } from '../common/Later.tsx'
import { TourStop } from '../tour/TourStop.tsx'
import { aloneOf, modelOf } from '../../state/selectors/shown.ts'
import { recordedFacts } from '../results/recordedFacts.ts'
import { useApp } from '../useApp.ts'
import { layerFacts, totalParameters } from './layerFacts.ts'
import { filterLayers, noFilter } from './layerFilter.ts'
import { LayerFilterBar } from './LayerFilterBar.tsx'
import { LayerList } from './LayerList.tsx'
import { ScopeChoice } from './ScopeChoice.tsx'

interface Props {
  /** Called when the user has chosen a layer. */
  onChoose?: (() => void) | undefined
}

export function LayerPanel({ onChoose }: Props) {
  const model = useApp(modelOf)
  const recorded = useApp(aloneOf)
  const facts = useMemo(
    () => (model ? model.network.layers.map((_, i) => layerFacts(model, i)) : recordedFacts(recorded)),
    [model, recorded],
  )
  const [filterOf, setFilter] = useState({ model, filter: noFilter })
  // The filter is dropped with the model it was made for, because another model has other layers.
  const filter = filterOf.model === model ? filterOf.filter : noFilter
  const shown = useMemo(() => filterLayers(facts, filter), [facts, filter])
  const total = model ? totalParameters(model) : 0
  const showPage = useApp((state) => state.showPage)
  return (
    <aside className="layers" aria-label="Model">
      <div className="panel-head">
        <h2>Layers</h2>
        <span className="muted">
          {shown.length === facts.length
            ? model
              ? `${formatCount(total)} parameters`
              : `${facts.length} in the file`
            : `${shown.length} of ${facts.length}`}
        </span>
        <span className="spacer" />
        {model && (
          <IconButton
            label="Model summary"
            hint="All layers in a table; tick the ones to scan"
            onPress={() => showPage('summary')}
          >
            <Table2 size={16} />
          </IconButton>
        )}
      </div>
      <LayerFilterBar facts={facts} filter={filter} onChange={(next) => setFilter({ model, filter: next })} />
      <TourStop anchor="layers" />
      <Later>
        <LayerList
          facts={shown}
          isWhole={shown === facts || shown.length === facts.length}
          onChoose={onChoose}
        />
      </Later>
      {model && <ScopeChoice />}
    </aside>
  )
}
