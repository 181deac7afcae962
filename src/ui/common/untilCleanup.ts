/** @file Work of an effect, which counts only until React cleans the effect up. */

/**
 * Begins work and returns the cleanup of the effect, which aborts the signal: what comes of the work after that must
 * change nothing, and its errors are dropped.
 */
export function untilCleanup(
  work: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): () => void {
  const effect = new AbortController()
  work(effect.signal).catch((error: unknown) => {
    if (!effect.signal.aborted) onError(error)
  })
  return () => effect.abort()
}
