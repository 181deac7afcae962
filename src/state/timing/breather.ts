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

/** Nothing else refers to a channel: without this it may be collected as garbage, and its message never comes. */
const underWay = new Set<MessageChannel>()

/** It comes by a message: timers of hidden tabs fire once a second, later once a minute; messages always come at once. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel()
    const { port1, port2 } = channel
    underWay.add(channel)
    port1.addEventListener('message', () => {
      underWay.delete(channel)
      port1.close()
      resolve()
    })
    port1.start()
    port2.postMessage(null)
  })
}
