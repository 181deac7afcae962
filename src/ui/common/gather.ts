/** @file Small changes of the page in one frame instead of many: a frame costs milliseconds however little is new in it. */

/**
 * A function whose promise resolves for all who ask within so many milliseconds at once; for the first one soon, where
 * nobody has asked for as long.
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
