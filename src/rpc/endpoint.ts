/** @file The messages of calls, and the members of a Worker, a MessagePort or a worker's own scope that they need. */

export interface Endpoint {
  postMessage(message: unknown, transfer: readonly object[]): void
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: never) => void): void
  /** Ports have to be started; workers do not have this method. */
  start?(): void
}

export interface CallMessage {
  readonly type: 'call'
  readonly id: number
  readonly method: string
  readonly args: readonly unknown[]
}

export type ReplyMessage =
  | { readonly type: 'return'; readonly id: number; readonly value: unknown }
  | { readonly type: 'throw'; readonly id: number; readonly error: WireError }

/** An error as plain data: the structured clone of some browsers would drop its `code`. */
export interface WireError {
  readonly name: string
  readonly message: string
  readonly code?: string
  readonly stack?: string
}

export function toWire(error: unknown): WireError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, stack } = error
  const code = (error as { code?: unknown }).code
  return {
    name,
    message,
    ...(typeof code === 'string' ? { code } : {}),
    ...(stack === undefined ? {} : { stack }),
  }
}

export function fromWire(wire: WireError): Error {
  return Object.assign(new Error(wire.message), wire)
}
