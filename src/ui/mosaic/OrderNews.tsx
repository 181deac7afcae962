/** @file Says to screen readers in which order the tiles are, and how many there are, whenever that changes. */
import { sortOrder } from '../../core/mosaic/channelOrder.ts'
import type { AppState } from '../../state/appState.ts'
import { shownOrder } from '../../state/selectors/shownOrder.ts'
import { useApp } from '../useApp.ts'

export function OrderNews() {
  const text = useApp(newsOf)
  return (
    <p className="visually-hidden" role="status" data-order-news>
      {text}
    </p>
  )
}

function newsOf(state: AppState): string {
  if (state.layer === null) return ''
  const count = shownOrder(state).channels.length
  const of = state.bestClass === null ? '' : ` for ${state.bestClass}`
  const reversed = state.reversed ? ', the other way round' : ''
  return `Tiles are ordered ${sortOrder(state.sort).order}${reversed}${of}; there are ${count.toLocaleString('en')}.`
}
