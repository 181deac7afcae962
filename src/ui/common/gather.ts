/**
 * @file Gathers small changes of the page in one frame instead of many: a frame costs milliseconds however little changes
 * in it.
 */

/**
 * Returns a function. The promises of all its calls within `ms` milliseconds resolve at once. A call that comes after a
 * pause of at least as long need not wait.
 */
export function gather(ms: number): () => Promise<void> {
  let next: Promise<void> | null = null
  let last = -Infinity
  return () =>
    (next ??= new Promise((resolve) => {
      const end = (): void => {
        next = null
        last = performance.now()
        resolve()
      }
      setTimeout(end, Math.max(0, last + ms - performance.now()))
    }))
}
