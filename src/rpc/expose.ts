/** @file Answers calls on a plain object. The object knows nothing of messages. */
import { type CallMessage, type Endpoint, type ReplyMessage, toWire } from './endpoint.ts'
import { transfersOf } from './transfer.ts'

/** Every public method of `target` can be called from the other side; its result or error always goes back. */
export function expose(target: object, endpoint: Endpoint): void {
  const methods = target as Record<string, unknown>
  const answer = async ({ id, method, args }: CallMessage): Promise<void> => {
    let reply: ReplyMessage
    let objects: readonly object[] = []
    try {
      const call = methods[method]
      // What every object has (`toString` …) is nobody's method.
      if (typeof call !== 'function' || method in Object.prototype)
        throw new Error(`there is no method "${method}"`)
      const value: unknown = await call.apply(target, args)
      objects = transfersOf(value)
      reply = { type: 'return', id, value }
    } catch (error) {
      reply = { type: 'throw', id, error: toWire(error) }
    }
    try {
      endpoint.postMessage(reply, objects)
    } catch (error) {
      // The result cannot be cloned; the caller has to hear of it all the same.
      endpoint.postMessage({ type: 'throw', id, error: toWire(error) } satisfies ReplyMessage, [])
    }
  }
  endpoint.addEventListener('message', (event: { data: unknown }) => {
    const message = event.data as CallMessage | undefined
    if (message?.type === 'call') void answer(message)
  })
  endpoint.start?.()
}
