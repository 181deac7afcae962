/**
 * @file Notices that a worker has ended. A worker that ends silently (`self.close()`, a crash of its process) fires no
 * event on the page, so a call on it would wait for ever. Therefore each worker holds a Web Lock as long as it lives, and
 * the page waits for that lock: it is granted when the worker has ended, for whatever reason. This works from some
 * milliseconds after the worker's start, once it has the lock. If there are no locks (http on a LAN), nothing happens.
 */
import type { Endpoint } from './endpoint.ts'

/** The needed members of LockManager; this folder is compiled without the DOM's types. */
interface Locks {
  request(name: string, granted: () => unknown): Promise<unknown>
}

const scope = globalThis as unknown as {
  readonly navigator?: { readonly locks?: Locks }
  readonly crypto: { randomUUID(): string }
}

interface AliveMessage {
  readonly type: 'alive'
  readonly lock: string
}

/** Called once in the worker: takes a lock until the worker ends, and sends the lock's name to the other side. */
export function holdLifeLock(endpoint: Pick<Endpoint, 'postMessage'>): void {
  const locks = scope.navigator?.locks
  if (!locks) return
  const lock = `life-${scope.crypto.randomUUID()}`
  locks
    .request(lock, () => {
      endpoint.postMessage({ type: 'alive', lock } satisfies AliveMessage, [])
      return new Promise<never>(() => undefined)
    })
    // Without the lock the worker still works.
    .catch(() => undefined)
}

/** Called on the other side: calls `onEnd` when the worker has ended, also if the page itself has ended it. */
export function watchLife(endpoint: Pick<Endpoint, 'addEventListener'>, onEnd: () => void): void {
  endpoint.addEventListener('message', (event: { data: unknown }) => {
    const message = event.data as Partial<AliveMessage> | undefined
    if (message?.type !== 'alive') return
    scope.navigator?.locks?.request(message.lock!, onEnd).catch(() => undefined)
  })
}
