/** @file The few members of a Worker, a MessagePort or a worker's own scope that calls need. */

export interface Endpoint {
  postMessage(message: unknown, transfer: readonly object[]): void
  addEventListener(type: 'message' | 'messageerror' | 'error', listener: (event: never) => void): void
  /** Ports need it; workers don't have it. */
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

/** An Error as plain data: `code` and `cause` would be lost by the structured clone of some browsers. */
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
