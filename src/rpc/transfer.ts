/** @file What a message hands over instead of copying it: buffers, bitmaps. For arguments and for what calls return. */

const transfers = new WeakMap<object, readonly object[]>()

/** Marks what an argument or a returned value hands over. The sender must not use it again. */
export function transfer<T extends object>(value: T, objects: readonly object[]): T {
  transfers.set(value, objects)
  return value
}

/** What was marked so; nothing of any other value. */
export function transfersOf(value: unknown): readonly object[] {
  return (typeof value === 'object' && value !== null && transfers.get(value)) || []
}
