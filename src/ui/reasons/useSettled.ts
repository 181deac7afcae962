/** @file What is shown of something that is being found out, so that the page is rendered once rather than with each part of it. */
import { useEffect, useRef, useState } from 'react'

/** What is not complete is shown after so long. What was shown before is out of date until then, for less than the eye sees. */
const patienceMs = 100

/** The value: at once if it `isReady`, or else a moment after another one was. */
export function useSettled<T>(now: T, isReady: boolean): T {
  const [settled, setSettled] = useState(now)
  const waitsSince = useRef<number | null>(null)
  if (isReady && settled !== now) setSettled(() => now)
  useEffect(() => {
    if (isReady) {
      waitsSince.current = null
      return undefined
    }
    waitsSince.current ??= performance.now()
    const timer = setTimeout(() => setSettled(() => now), waitsSince.current + patienceMs - performance.now())
    return () => clearTimeout(timer)
  }, [now, isReady])
  return isReady ? now : settled
}
