/** @file Answers calls on a plain object, which knows nothing of messages. */
import { type CallMessage, type Endpoint, type ReplyMessage, toWire } from './endpoint.ts'
import { transfersOf } from './transfer.ts'

/** Lets the other side call every public method of `target`. The method's result or error is always sent back. */
export function expose(target: object, endpoint: Endpoint): void {
  const methods = target as Record<string, unknown>
  const answer = async ({ id, method, args }: CallMessage): Promise<void> => {
    let reply: ReplyMessage
    let objects: readonly object[] = []
    try {
      const call = methods[method]
      // Methods that every object inherits (`toString` …) cannot be called.
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
      // The result cannot be cloned. The caller gets that as an error, instead of waiting for ever.
      endpoint.postMessage({ type: 'throw', id, error: toWire(error) } satisfies ReplyMessage, [])
    }
  }
  endpoint.addEventListener('message', (event: { data: unknown }) => {
    const message = event.data as CallMessage | undefined
    if (message?.type === 'call') void answer(message)
  })
  endpoint.start?.()
}
