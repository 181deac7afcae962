/** @file The views of a layer that have something to show, and the one that is shown. */
import { useMemo } from 'react'
import type { AppState } from '../../../state/appState.ts'
import { useApp } from '../../useApp.ts'
import { views } from './index.ts'
import type { LayerView } from './view.ts'

export function useViews(): readonly LayerView[] {
  // A text is the same one until another view applies.
  const ids = useApp((state) =>
    views
      .filter((view) => applies(view, state))
      .map(({ id }) => id)
      .join(' '),
  )
  return useMemo(() => {
    const known = ids.split(' ')
    return views.filter(({ id }) => known.includes(id))
  }, [ids])
}

/** The view that was chosen, or the first one if there is nothing to show in that. */
export function useView(): LayerView {
  return useApp((state) => views.find((view) => view.id === state.view && applies(view, state)) ?? views[0])
}

function applies(view: LayerView, state: AppState): boolean {
  return view.applies?.(state) ?? true
}
