/** @file The view of a layer as a map on which channels that fire together lie near to each other. */
import { lazy } from 'react'
import { Filter, FilterMenu } from '../Filter.tsx'
import type { LayerView } from './view.ts'

export const map: LayerView = {
  id: 'map',
  label: 'Map',
  Component: lazy(() => import('../map/MapView.tsx')),
  Controls: MapControls,
}

function MapControls({ inSheet = false }: { inSheet?: boolean }) {
  return <div className="view-controls">{inSheet ? <Filter /> : <FilterMenu />}</div>
}
