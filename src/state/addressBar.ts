/** @file Keeps the address bar and the view in step, both ways. */
import type { AppStore } from './store.ts'
import { readHash, writeHash } from './urlHash.ts'

/** Call once. Replaces the history entry rather than adding one: channels are looked through by the dozen. */
export function followAddressBar(store: AppStore): void {
  const apply = (): void => store.setState(readHash(location.hash))
  apply()
  window.addEventListener('hashchange', apply)
  store.subscribe((state, before) => {
    const hash = writeHash(state)
    if (hash === writeHash(before) || hash === location.hash) return
    history.replaceState(history.state, '', hash || location.pathname + location.search)
  })
}
