/** @file Lets the page live during long work on its thread. */

/** Shorter than one frame. */
const workMs = 12

/** Of one piece of work; `await breathe()` often: it costs nothing until the page has waited long enough. */
export function breather(): () => Promise<void> | void {
  let since = performance.now()
  return () => {
    if (performance.now() - since < workMs) return
    return new Promise((resolve) =>
      setTimeout(() => {
        since = performance.now()
        resolve()
      }),
    )
  }
}
