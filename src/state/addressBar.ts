/** @file Keeps the address bar and the view in step, both ways. */
import type { AppStore } from './store.ts'
import { fitView } from './view.ts'
import { readHash, writeHash } from './urlHash.ts'

/** Call once. Replaces the history entry rather than adding one: channels are looked through by the dozen. */
export function followAddressBar(store: AppStore): void {
  const apply = (): void => {
    const { model, layer } = store.getState()
    const linked = readHash(location.hash)
    store.setState(model ? { ...linked, ...fitView(model.network, linked, layer) } : linked)
  }
  const show = (): void => {
    const hash = writeHash(store.getState())
    if (hash !== location.hash)
      history.replaceState(history.state, '', hash || location.pathname + location.search)
  }
  apply()
  window.addEventListener('hashchange', () => {
    apply()
    show()
  })
  store.subscribe((state, before) => {
    if (writeHash(state) !== writeHash(before)) show()
  })
}
