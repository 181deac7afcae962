/** @file Marks buffers and bitmaps in arguments and returned values to be transferred with the message, not copied. */

const transfers = new WeakMap<object, readonly object[]>()

/** Marks the objects to transfer with an argument or a returned value. The sender must not use them again. */
export function transfer<T extends object>(value: T, objects: readonly object[]): T {
  transfers.set(value, objects)
  return value
}

/** The objects that were marked for a value; none if it was not marked. */
export function transfersOf(value: unknown): readonly object[] {
  return (typeof value === 'object' && value !== null && transfers.get(value)) || []
}
