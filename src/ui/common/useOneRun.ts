/** @file One long run at a time, which tells how far it is and ends with what shows it. */
import { useCallback, useEffect, useRef, useState } from 'react'

export interface OneRun<Progress> {
  /** What the run has told last; null if there is none. */
  readonly progress: Progress | null
  /** Does nothing while there is a run. `work` may tell as long as its signal is not aborted; later it is not heard. */
  readonly start: (
    first: Progress,
    work: (signal: AbortSignal, tell: (progress: Progress) => void) => Promise<void>,
  ) => Promise<void>
  readonly stop: () => void
}

export function useOneRun<Progress>(): OneRun<Progress> {
  const [progress, setProgress] = useState<Progress | null>(null)
  const running = useRef<AbortController | null>(null)
  const stop = useCallback(() => {
    running.current?.abort()
    running.current = null
    setProgress(null)
  }, [])
  useEffect(() => stop, [stop])
  const start = useCallback<OneRun<Progress>['start']>(
    async (first, work) => {
      if (running.current) return
      const own = new AbortController()
      running.current = own
      setProgress(first)
      await work(own.signal, (now) => {
        if (running.current === own) setProgress(now)
      })
      if (running.current === own) stop()
    },
    [stop],
  )
  return { progress, start, stop }
}
