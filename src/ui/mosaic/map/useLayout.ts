/** @file The layout of a layer's map: the last one that was made, or one that is being made. */
import { useEffect, useState } from 'react'
import { sampledMaxima } from '../../../core/scan/statistics/sampledMaxima.ts'
import type { ReadableResult } from '../../../core/scan/statistics/statistic.ts'
import { knownLayout, layOut, type MadeLayout } from '../../../state/mosaic/channelLayouts.ts'
import { untilCleanup } from '../../common/untilCleanup.ts'
import { useAppStore } from '../../useApp.ts'

interface ShownLayout {
  /** The last one; null until there is one. */
  readonly made: MadeLayout | null
  readonly isMaking: boolean
  /** Makes another one by what is known now. */
  again(): void
}

/** `result` is one of which there is a sample of maxima; null as long as nothing is to be made. */
export function useLayout(result: ReadableResult | null): ShownLayout {
  const { getState } = useAppStore()
  /** How often another one was asked for. */
  const [asked, setAsked] = useState(0)
  /** What was made, or tried, last. */
  const [tried, setTried] = useState<{ result: ReadableResult; asked: number } | null>(null)
  const made = result && knownLayout(result)
  const isTried = tried?.result === result && tried?.asked === asked
  const isMaking = result !== null && !isTried && (asked > 0 || made === null)
  useEffect(() => {
    const sample = result?.of(sampledMaxima, 0)
    if (!isMaking || !sample) return
    return untilCleanup(
      async (signal) => {
        await layOut(result!, sample, signal)
        if (!signal.aborted) setTried({ result: result!, asked })
      },
      (error) => {
        setTried({ result: result!, asked })
        getState().report(error)
      },
    )
  }, [result, isMaking, asked, getState])
  return { made, isMaking, again: () => setAsked((times) => times + 1) }
}
