/** @file Measures what is measured only when it is asked for, while what shows it is open. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AskedMeasure } from '../../core/scan/measures/index.ts'
import type { LayerChannel } from '../../state/appState.ts'
import { useAppStore } from '../useApp.ts'

export interface Measuring {
  /** How many of how many channels are done, and of what; null if nothing is being measured. */
  readonly progress: { readonly what: AskedMeasure; readonly done: number; readonly of: number } | null
  /** Does nothing while something is being measured. */
  readonly measure: (what: AskedMeasure, channels: readonly LayerChannel[]) => void
  /** What was measured until then stays. */
  readonly stop: () => void
}

export function useMeasuring(): Measuring {
  const { getState } = useAppStore()
  const [progress, setProgress] = useState<Measuring['progress']>(null)
  const running = useRef<AbortController | null>(null)
  const stop = useCallback(() => {
    running.current?.abort()
    running.current = null
    setProgress(null)
  }, [])
  useEffect(() => stop, [stop])
  const measure = useCallback(
    (what: AskedMeasure, channels: readonly LayerChannel[]) => {
      if (running.current) return
      const own = new AbortController()
      running.current = own
      const of = channels.length
      setProgress({ what, done: 0, of })
      const told = (done: number): void => {
        if (running.current === own) setProgress({ what, done, of })
      }
      void getState()
        .measureAsked(what, channels, own.signal, told)
        .then(() => {
          if (running.current === own) stop()
        })
    },
    [getState, stop],
  )
  return { progress, measure, stop }
}
