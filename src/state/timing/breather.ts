/** @file Lets the page live during long work on its thread. */

/** Shorter than one frame. */
const workMs = 12

/** Makes `breathe` for one piece of work. Await it often: it costs nothing until the page has waited long enough. */
export function breather(): () => Promise<void> | void {
  let since = performance.now()
  return () => {
    if (performance.now() - since < workMs) return
    return nextTask().then(() => {
      since = performance.now()
    })
  }
}

/** It comes by a message: timers of hidden tabs fire once a second, later once a minute; messages always come at once. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port1.addEventListener('message', () => {
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
