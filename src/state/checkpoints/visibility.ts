/** @file When the page is hidden, which may be the last that it hears. */

/** Calls back when the page is hidden or left. Returns what ends that. */
export function onHidden(callback: () => void): () => void {
  const page = globalThis.document as Document | undefined
  // Node has none.
  if (page?.visibilityState === undefined) return () => undefined
  const look = (): void => {
    if (page.visibilityState === 'hidden') callback()
  }
  page.addEventListener('visibilitychange', look)
  globalThis.addEventListener('pagehide', callback)
  return () => {
    page.removeEventListener('visibilitychange', look)
    globalThis.removeEventListener('pagehide', callback)
  }
}
