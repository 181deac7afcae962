/**
 * @file Calls methods of an object at the other end of a port. Unlike with Comlink, no call can hang: whatever ends the
 * other side (a load failure, a crash, `kill`) rejects all pending and all later calls.
 */
import { type CallMessage, type Endpoint, fromWire, type ReplyMessage } from './endpoint.ts'
import { transfersOf } from './transfer.ts'

/** The public methods of T, all of them asynchronous, without its properties. */
export type Remote<T> = {
  readonly [K in keyof T as T[K] extends (...args: never[]) => unknown ? K : never]: T[K] extends (
    ...args: infer A
  ) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never
}

export interface Connection<T> {
  readonly remote: Remote<T>
  /** Rejects all pending and later calls with `reason`. The caller terminates the worker. */
  kill(reason: Error): void
}

interface Pending {
  resolve(value: unknown): void
  reject(reason: Error): void
}

export interface ConnectOptions {
  /** Makes the error that calls are rejected with when the other side dies; `reason` is the browser's message. */
  readonly onDeath?: (reason: string) => Error
}

export function connect<T extends object>(endpoint: Endpoint, options: ConnectOptions = {}): Connection<T> {
  const pending = new Map<number, Pending>()
  let nextId = 0
  let dead: Error | null = null

  const kill = (reason: Error): void => {
    dead ??= reason
    for (const { reject } of pending.values()) reject(dead)
    pending.clear()
  }
  const die = (reason: string): void => kill(options.onDeath?.(reason) ?? new Error(reason))

  endpoint.addEventListener('message', (event: { data: unknown }) => {
    const reply = event.data as ReplyMessage | undefined
    if (reply?.type !== 'return' && reply?.type !== 'throw') return
    const call = pending.get(reply.id)
    pending.delete(reply.id)
    if (reply.type === 'return') call?.resolve(reply.value)
    else call?.reject(fromWire(reply.error))
  })
  endpoint.addEventListener('error', (event: { message?: string; preventDefault?(): void }) => {
    // The callers get the error; without this the browser would print it as well.
    event.preventDefault?.()
    die(event.message || 'it could not be loaded')
  })
  endpoint.addEventListener('messageerror', () => die('a message could not be read'))
  endpoint.start?.()

  const call = (method: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (dead) return reject(dead)
      const id = nextId++
      pending.set(id, { resolve, reject })
      try {
        endpoint.postMessage(
          { type: 'call', id, method, args } satisfies CallMessage,
          args.flatMap(transfersOf),
        )
      } catch (error) {
        pending.delete(id)
        reject(error as Error)
      }
    })

  const methods = new Map<string, (...args: unknown[]) => Promise<unknown>>()
  const remote = new Proxy(Object.create(null) as object, {
    get(_, name) {
      // If there were a `then`, `await` would take the proxy for a promise.
      if (typeof name !== 'string' || name === 'then') return undefined
      let method = methods.get(name)
      if (!method) {
        method = (...args) => call(name, args)
        methods.set(name, method)
      }
      return method
    },
  }) as Remote<T>
  return { remote, kill }
}
