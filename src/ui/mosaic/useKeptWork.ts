/** @file Does long work on some layers in turns while it is looked at. */
import { startTransition, useEffect, useState } from 'react'
import type { AppState } from '../../state/appState.ts'
import type { KeptWork, Work } from '../../state/selectors/keptWork.ts'
import { dropTurn, inTurn } from '../common/turns.ts'
import { useAppStore } from '../useApp.ts'

/** The number of channels that are done in one go: some 3 ms on a slow machine. */
const channelsAtOnce = 16
/** As many channels are told of as soon as they are done: more than a screen holds. */
const firstChannels = 64

/** The parts of the state that decide what is found, besides the progress of a scan. */
const others = [
  'results',
  'recorded',
  'images',
  'model',
  'selection',
  'k',
  'sortsAsked',
  'askedMeasured',
  'ablationsMade',
] as const

/**
 * Returns what `read` makes of the work, anew whenever there is something new to see: after the first channels, at the end, and
 * when results have changed. `names` must be the same array as long as it has the same names, and `read` the same function.
 */
export function useKeptWork<W extends Work, Found>(
  work: KeptWork<W>,
  names: readonly string[],
  read: (state: AppState, names: readonly string[]) => Found,
): { readonly found: Found; readonly isDone: boolean } {
  const { getState, subscribe } = useAppStore()
  const [progress, setProgress] = useState(() => ({ found: read(getState(), names), isDone: false }))
  useEffect(() => {
    let at = 0
    let count = 0
    let isNews = false
    const tell = (isDone: boolean): void => {
      startTransition(() => setProgress({ found: read(getState(), names), isDone }))
      // Mosaics may be chosen by what was found.
      if (isDone) getState().noteMeasured()
    }
    const step = (): void => {
      const name = names[at]
      if (name === undefined) return isNews ? tell(true) : undefined
      const done = work.doSome(getState(), name, channelsAtOnce)
      const before = count
      count += done
      if (done === 0) at++
      else isNews = true
      if (before < firstChannels && count >= firstChannels) tell(false)
      inTurn(step)
    }
    const begin = (isOther: boolean): void => {
      at = 0
      count = 0
      isNews = isOther
      inTurn(step)
    }
    begin(true)
    const unsubscribe = subscribe((state, before) => {
      const isOther = others.some((key) => state[key] !== before[key])
      if (isOther || state.revision !== before.revision) begin(isOther)
    })
    return () => {
      unsubscribe()
      dropTurn(step)
    }
  }, [work, names, read, getState, subscribe])
  return progress
}
