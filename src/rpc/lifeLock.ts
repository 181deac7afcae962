/**
 * @file A sign of life. A worker that ends without a word (`self.close()`, a crash of its process) fires no event at
 * its page, and a call on it would wait for ever. So it holds a Web Lock for as long as it lives, and the other side
 * waits for that lock: it is granted when the worker has ended, whatever ended it. That holds from some
 * milliseconds after its start, when it has the lock. Where there are no locks (http on a
 * LAN), nothing happens.
 */
import type { Endpoint } from './endpoint.ts'

/** The members of LockManager that are needed: this folder is typed without the DOM. */
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

/** In the worker, once: takes a lock of its own until it ends, and tells the other side its name. */
export function holdLifeLock(endpoint: Pick<Endpoint, 'postMessage'>): void {
  const locks = scope.navigator?.locks
  if (!locks) return
  const lock = `life-${scope.crypto.randomUUID()}`
  locks
    .request(lock, () => {
      endpoint.postMessage({ type: 'alive', lock } satisfies AliveMessage, [])
      return new Promise<never>(() => undefined)
    })
    // A sign of life that cannot be given is no reason not to work.
    .catch(() => undefined)
}

/** On the other side: calls `onEnd` when the worker has ended, also where that was asked for. */
export function watchLife(endpoint: Pick<Endpoint, 'addEventListener'>, onEnd: () => void): void {
  endpoint.addEventListener('message', (event: { data: unknown }) => {
    const message = event.data as Partial<AliveMessage> | undefined
    if (message?.type !== 'alive') return
    scope.navigator?.locks?.request(message.lock!, onEnd).catch(() => undefined)
  })
}
