/** @file Measures what is measured only when it is asked for, while what shows it is open. */
import { useCallback } from 'react'
import type { AskedMeasure } from '../../core/scan/measures/index.ts'
import type { LayerChannel } from '../../state/appState.ts'
import { useOneRun } from '../common/useOneRun.ts'
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
  const { progress, start, stop } = useOneRun<NonNullable<Measuring['progress']>>()
  const measure = useCallback(
    (what: AskedMeasure, channels: readonly LayerChannel[]) => {
      const of = channels.length
      void start({ what, done: 0, of }, (signal, tell) =>
        getState().measureAsked(what, channels, signal, (done) => tell({ what, done, of })),
      )
    },
    [getState, start],
  )
  return { progress, measure, stop }
}
