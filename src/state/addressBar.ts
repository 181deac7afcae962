/**
 * @file Keeps the address bar, the browser's history and the view in step, both ways. Opening something (a layer, a
 * view of it, a channel, a page over the others) makes an entry, so that Back closes what was opened last; stepping through channels,
 * patches and orders changes the current entry. Model and images stay open whatever the history does.
 */
import type { AppState } from './appState.ts'
import type { AppStore } from './store.ts'
import { otherThanFollowed, readLink } from './selectors/links.ts'
import { aloneOf } from './selectors/shown.ts'
import { readHash, writeHash } from './selectors/urlHash.ts'
import { fitLayers, fitView } from './selectors/view.ts'

/** What is stored with an entry of the history: the view from which it was opened. */
interface Entry {
  readonly openedFrom: string
}

/** Milliseconds; layers that are stepped through faster than this, by arrow keys, share an entry. */
const passingBy = 800

/** To be called once. */
export function followAddressBar(store: AppStore): void {
  /** The state that the history shows. */
  let shown = store.getState()
  let waiting = false
  /** Whether the history is on its way back, as the user has closed what was opened last. */
  let returning = false
  let layerShownAt = -Infinity

  const apply = (): void => {
    const state = store.getState()
    const linked = readHash(location.hash)
    const alone = aloneOf(state)
    if (alone) store.setState({ ...linked, ...fitLayers(alone.layers, linked, state.layer) })
    else if (state.model) store.setState({ ...linked, ...fitView(state.model.network, linked, state.layer) })
    else store.setState(linked)
  }
  const write = (move: 'push' | 'replace'): void => {
    const hash = writeHash(store.getState())
    const address = hash || location.pathname + location.search
    const entry: Entry = { openedFrom: placeOf(shown) }
    shown = store.getState()
    if (hash === location.hash) return
    if (move === 'push') history.pushState(entry, '', address)
    else history.replaceState(history.state, '', address)
  }
  const show = (): void => {
    waiting = false
    if (returning) return
    const state = store.getState()
    const { layer, model } = state
    if (closes(shown, state) && (history.state as Entry | null)?.openedFrom === placeOf(state)) {
      returning = true
      history.back()
      return
    }
    const layerChanged = layer !== shown.layer
    const passing = layerChanged && performance.now() - layerShownAt < passingBy
    // A view that comes with opening a model or a project is not a step of the user.
    const asked = model === shown.model && state.openingProject === null
    const opened = asked && opens(shown, state) && !passing
    if (layerChanged) layerShownAt = asked ? performance.now() : -Infinity
    write(opened ? 'push' : 'replace')
  }

  store.setState({ followed: readLink(location.hash) })
  apply()
  shown = store.getState()
  // The browser fires this for every step through the history, and for an address that was changed by hand.
  window.addEventListener('popstate', () => {
    // What the user has done meanwhile takes precedence over the entry.
    if (!returning) apply()
    returning = false
    write('replace')
  })
  // All changes of one task are one step.
  store.subscribe((state, before) => {
    const other = state.model !== before.model && before.model === null ? otherThanFollowed(state) : null
    if (other !== null) state.notify('info', other)
    if (waiting || writeHash(state) === writeHash(before)) return
    waiting = true
    queueMicrotask(show)
  })
}

type Place = Pick<AppState, 'layer' | 'view' | 'channel' | 'full' | 'page'>

function placeOf({ layer, view, channel, full, page }: Place): string {
  return JSON.stringify([layer, view, channel, full, page])
}

function opens(before: Place, now: Place): boolean {
  if (now.page !== before.page && now.page !== null) return true
  // A page that leads to a channel of the same layer, and is closed by that, is to be come back to.
  if (now.page !== before.page) return placeOf({ ...before, page: null }) !== placeOf(now)
  if (now.layer !== before.layer) return before.layer !== null
  if (now.view !== before.view) return true
  if (before.channel === null || now.channel === null) return now.channel !== null
  return now.full && !before.full
}

function closes(before: Place, now: Place): boolean {
  if (now.layer !== before.layer || now.view !== before.view) return false
  if (now.page !== before.page) return now.page === null && now.channel === before.channel
  if (before.channel === null || now.channel === null) return before.channel !== null
  return before.full && !now.full
}
