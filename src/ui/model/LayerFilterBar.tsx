/** @file The controls that search and filter the list of layers. */
import { Search, X } from 'lucide-react'
import { useMemo } from 'react'
import { Button, Input, SearchField, Switch } from 'react-aria-components'
import { Choice } from '../common/Choice.tsx'
import type { LayerFacts } from './layerFacts.ts'
import { type LayerFilter, typeCounts } from './layerFilter.ts'

interface Props {
  facts: readonly LayerFacts[]
  filter: LayerFilter
  onChange: (filter: LayerFilter) => void
}

/** The key of "All types": no class has an empty name. */
const anyType = ''

export function LayerFilterBar({ facts, filter, onChange }: Props) {
  const types = useMemo(
    () => [
      { id: anyType, text: 'All types' },
      ...typeCounts(facts).map(([id, count]) => ({ id, text: `${id} (${count})` })),
    ],
    [facts],
  )
  return (
    <div className="layer-filter">
      <SearchField
        className="search"
        aria-label="Search layers"
        value={filter.text}
        onChange={(text) => onChange({ ...filter, text })}
      >
        <Search size={14} aria-hidden />
        <Input className="search-input" placeholder="Name or type" />
        <Button className="search-clear" aria-label="Clear the search">
          <X size={14} />
        </Button>
      </SearchField>
      <div className="layer-filter-row">
        {types.length > 2 && (
          <Choice
            label="Type of layer"
            value={filter.type ?? anyType}
            options={types}
            onChange={(type) => onChange({ ...filter, type: type === anyType ? null : type })}
          />
        )}
        {facts.some(({ notScannable }) => notScannable !== null) && (
          <Switch
            className="switch"
            isSelected={filter.onlyScannable}
            onChange={(onlyScannable) => onChange({ ...filter, onlyScannable })}
          >
            <span className="switch-track" aria-hidden />
            Only scannable
          </Switch>
        )}
      </div>
    </div>
  )
}
