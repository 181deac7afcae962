/** @file Answers calls on plain objects, which know nothing of messages. */
import { type CallMessage, type Endpoint, type ReplyMessage, toWire } from './endpoint.ts'
import { transfersOf } from './transfer.ts'

type Method = (...args: unknown[]) => unknown

/**
 * Lets the other side call every public method of `target`, or of the first of several objects that has the method. The
 * method's result or error is always sent back.
 */
export function expose(target: object | readonly object[], endpoint: Endpoint): void {
  const targets = (Array.isArray(target) ? target : [target]) as readonly Record<string, unknown>[]
  const answer = async ({ id, method, args }: CallMessage): Promise<void> => {
    let reply: ReplyMessage
    let objects: readonly object[] = []
    try {
      // Methods that every object inherits (`toString` …) cannot be called.
      const owner = targets.find((one) => typeof one[method] === 'function' && !(method in Object.prototype))
      if (!owner) throw new Error(`there is no method "${method}"`)
      const value: unknown = await (owner[method] as Method).call(owner, ...args)
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
