/** @file Measures whether channels answer to colour or to shape, while what shows it is open. */
import { useCallback, useEffect, useRef, useState } from 'react'
import type { LayerChannel } from '../../state/appState.ts'
import { useAppStore } from '../useApp.ts'

export interface ColourMeasuring {
  /** How many of how many channels are done; null if none is being measured. */
  readonly progress: { readonly done: number; readonly of: number } | null
  /** Does nothing while others are being measured. */
  readonly measure: (channels: readonly LayerChannel[]) => void
  /** What was measured until then stays. */
  readonly stop: () => void
}

export function useColourMeasuring(): ColourMeasuring {
  const { getState } = useAppStore()
  const [progress, setProgress] = useState<ColourMeasuring['progress']>(null)
  const running = useRef<AbortController | null>(null)
  const stop = useCallback(() => {
    running.current?.abort()
    running.current = null
    setProgress(null)
  }, [])
  useEffect(() => stop, [stop])
  const measure = useCallback(
    (channels: readonly LayerChannel[]) => {
      if (running.current) return
      const own = new AbortController()
      running.current = own
      const of = channels.length
      setProgress({ done: 0, of })
      const told = (done: number): void => {
        if (running.current === own) setProgress({ done, of })
      }
      void getState()
        .measureColour(channels, own.signal, told)
        .then(() => {
          if (running.current === own) stop()
        })
    },
    [getState, stop],
  )
  return { progress, measure, stop }
}
