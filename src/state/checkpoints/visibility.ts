/** @file Notices when the page is hidden, which may be its last event, and when it is left. */

/** `onLeave` must not wait for anything. Returns a function that ends this. */
export function onHidden(onHide: () => void, onLeave: () => void): () => void {
  const page = globalThis.document as Document | undefined
  // Node has no document.
  if (page?.visibilityState === undefined) return () => undefined
  const look = (): void => {
    if (page.visibilityState === 'hidden') onHide()
  }
  page.addEventListener('visibilitychange', look)
  globalThis.addEventListener('pagehide', onLeave)
  return () => {
    page.removeEventListener('visibilitychange', look)
    globalThis.removeEventListener('pagehide', onLeave)
  }
}
