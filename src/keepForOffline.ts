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

/** Does nothing if there are no service workers (http on another machine, some private windows, some frames). */
export function keepForOffline(store: AppStore): void {
  const { connection } = navigator as { connection?: Connection }
  const serviceWorker = serviceWorkers()
  if (!serviceWorker || connection?.saveData) return

  const register = (): void => {
    unsubscribe()
    // The app works without it, and if the browser or host refuses, there is nothing that the user could do about it. Where the page
    // may store nothing Firefox writes an error to the console, so it is asked for its stores first.
    caches
      .keys()
      .then(() => serviceWorker.register(new URL('sw.js', document.baseURI)))
      .catch(() => undefined)
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

/** In some frames a page may not even ask for them. */
function serviceWorkers(): ServiceWorkerContainer | undefined {
  try {
    return (navigator as Partial<Navigator>).serviceWorker
  } catch {
    return undefined
  }
}

function isLoading({ openingProject, openingModel, readingImages, scan }: AppState): boolean {
  return (
    openingProject !== null || openingModel !== null || readingImages !== null || scan.status === 'preparing'
  )
}
