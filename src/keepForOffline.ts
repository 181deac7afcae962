/** @file Keeps the app for use without a network (`offline/serviceWorker.ts`) as soon as the page has nothing else to do. */
import type { AppState } from './state/appState.ts'
import type { AppStore } from './state/store.ts'

/** Milliseconds without anything being loaded: the app takes 18 MB, and what the user waits for comes first. */
const quiet = 3000

/** Not in TypeScript's library: only Chromium has it. */
interface Connection {
  readonly saveData?: boolean
}

/** Where there are no service workers (`file:`, http on another machine, some private windows), nothing happens. */
export function keepForOffline(store: AppStore): void {
  const { connection } = navigator as { connection?: Connection }
  if (!('serviceWorker' in navigator) || connection?.saveData) return
  const { serviceWorker } = navigator

  const register = (): void => {
    unsubscribe()
    // The app is whole without it, and a browser or host that refuses says nothing a user could act on.
    serviceWorker.register(new URL('sw.js', document.baseURI)).catch(() => undefined)
  }
  let loaded = false
  let timer: number | undefined
  const wait = (): void => {
    clearTimeout(timer)
    timer = isLoading(store.getState()) ? undefined : setTimeout(register, quiet)
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
