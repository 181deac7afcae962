/** @file The view of a layer as a map on which channels that fire together lie near to each other. */
import { lazy } from 'react'
import { Filter, FilterChips, FilterMenu } from '../Filter.tsx'
import type { LayerView } from './view.ts'

export const map: LayerView = {
  id: 'map',
  label: 'Map',
  Component: lazy(() => import('../map/MapView.tsx')),
  Controls: MapControls,
}

function MapControls({ inSheet = false }: { inSheet?: boolean }) {
  if (inSheet) return <Filter />
  return (
    <div className="view-controls">
      <FilterMenu />
      <FilterChips />
    </div>
  )
}
