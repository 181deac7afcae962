/**
 * @file Timers. They are not part of ECMAScript, which is all that the compiler knows in this folder, but every place where
 * `core` runs has them: pages, workers and Node.
 */

interface Timers {
  setInterval(callback: () => void, ms: number): unknown
  clearInterval(timer: unknown): void
}

export const timers = globalThis as unknown as Timers
