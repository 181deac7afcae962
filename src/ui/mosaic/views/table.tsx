/** @file The view of a layer as a table of its channels' measures. */
import { lazy } from 'react'
import type { LayerView } from './view.ts'

export const table: LayerView = {
  id: 'table',
  label: 'Table',
  Component: lazy(() => import('../table/LayerTableView.tsx')),
}
