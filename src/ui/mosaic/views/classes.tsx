/** @file The view of a layer as a table of its classes and channels. */
import { lazy } from 'react'
import { tableOf } from '../../../state/selectors/shown.ts'
import type { LayerView } from './view.ts'

export const classes: LayerView = {
  id: 'classes',
  label: 'Classes',
  Component: lazy(() => import('../ClassesView.tsx')),
  applies: (state) => (tableOf(state)?.classNames.length ?? 0) > 1,
}
