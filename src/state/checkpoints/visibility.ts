/** @file Notices when the page is hidden, which may be its last event. */

/** Calls back when the page is hidden or left. Returns a function that ends this. */
export function onHidden(callback: () => void): () => void {
  const page = globalThis.document as Document | undefined
  // Node has no document.
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
