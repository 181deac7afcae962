/** @file Whether there is something to work on. */
import { useDeferredValue } from 'react'
import { useApp } from './useApp.ts'

/**
 * Whether a model and images are open. It becomes true a little late and false at once: the workbench is large, and
 * React then builds it in parts of a few milliseconds, between which the page goes on.
 */
export function useReady(): boolean {
  const ready = useApp((state) => state.model !== null && state.images !== null)
  const later = useDeferredValue(ready, false)
  return ready && later
}
