/** @file Measures what the page and its workers hold after a garbage collection, as counted by Chromium's debugger. */

/** @typedef {import('playwright').CDPSession} Session */
/** @typedef {{ usedSize: number, embedderHeapUsedSize?: number, backingStorageSize?: number }} HeapUsage */

/**
 * Bytes of objects, of the browser's own objects that belong to them, and of array buffers (WASM memory included).
 * @param {import('./page.mjs').Page} page
 */
export async function heapBytes(page) {
  const session = await page.context().newCDPSession(page)
  try {
    const ids = await workersOf(session)
    let bytes = await usage((method) => session.send(method))
    for (const id of ids) bytes += await usage((method) => askWorker(session, id, method))
    return bytes
  } finally {
    await session.detach()
  }
}

/** The debugger's sessions with the page's workers. @param {Session} session */
async function workersOf(session) {
  /** @type {string[]} */
  const ids = []
  // A service worker may sleep, and would not answer.
  session.on('Target.attachedToTarget', ({ sessionId, targetInfo }) => {
    if (targetInfo.type === 'worker') ids.push(sessionId)
  })
  // This resolves when all existing workers have been reported.
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: false,
  })
  return ids
}

/** @param {(method: 'HeapProfiler.collectGarbage' | 'Runtime.getHeapUsage') => Promise<unknown>} send */
async function usage(send) {
  await send('HeapProfiler.collectGarbage')
  const answer = /** @type {HeapUsage | undefined} */ (await send('Runtime.getHeapUsage'))
  // A worker that has ended holds nothing.
  if (!answer) return 0
  return answer.usedSize + (answer.embedderHeapUsedSize ?? 0) + (answer.backingStorageSize ?? 0)
}

let calls = 0

/** Undefined if the worker ends meanwhile. @param {Session} session @param {string} sessionId @param {string} method */
function askWorker(session, sessionId, method) {
  const id = ++calls
  return new Promise((resolve) => {
    const end = (/** @type {unknown} */ result) => {
      session.off('Target.receivedMessageFromTarget', listen)
      session.off('Target.detachedFromTarget', leave)
      resolve(result)
    }
    const listen = (/** @type {{ sessionId: string, message: string }} */ event) => {
      const answer = JSON.parse(event.message)
      if (event.sessionId === sessionId && answer.id === id) end(answer.result)
    }
    const leave = (/** @type {{ sessionId: string }} */ event) => {
      if (event.sessionId === sessionId) end(undefined)
    }
    session.on('Target.detachedFromTarget', leave)
    session.on('Target.receivedMessageFromTarget', listen)
    session
      .send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) })
      .catch(() => end(undefined))
  })
}
