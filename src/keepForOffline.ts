/**
 * @file Registers the service worker, which keeps the app for use without a network (`offline/serviceWorker.ts`), as soon
 * as the page has nothing else to load.
 */
import type { AppState } from './state/appState.ts'
import type { AppStore } from './state/store.ts'

/** Nothing must be loading for this long: the app takes 18 MB, and what the user waits for comes first. */
const quietMs = 3000

/** TypeScript's library lacks this type, because only Chromium has it. */
interface Connection {
  readonly saveData?: boolean
}

/** Does nothing if there are no service workers (`file:`, http on another machine, some private windows). */
export function keepForOffline(store: AppStore): void {
  const { connection } = navigator as { connection?: Connection }
  if (!('serviceWorker' in navigator) || connection?.saveData) return
  const { serviceWorker } = navigator

  const register = (): void => {
    unsubscribe()
    // The app works without it, and if the browser or host refuses, there is nothing that the user could do about it.
    serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined)
  }
  let loaded = false
  let timer: number | undefined
  const wait = (): void => {
    clearTimeout(timer)
    timer = isLoading(store.getState()) ? undefined : setTimeout(register, quietMs)
  }
  const unsubscribe = store.subscribe((state, before) => {
    if (loaded && isLoading(state) !== isLoading(before)) wait()
  })
  const begin = (): void => {
    loaded = true
    wait()
  }
  if (document.readyState === 'complete') begin()
  else window.addEventListener('load', begin, { once: true })
}

function isLoading({ openingProject, openingModel, readingImages, scan }: AppState): boolean {
  return (
    openingProject !== null || openingModel !== null || readingImages !== null || scan.status === 'preparing'
  )
}
