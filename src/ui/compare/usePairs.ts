/** @file The pairs of channels of a layer in several scans, found one after the other while they are looked at. */
import { useEffect, useReducer } from 'react'
import type { ChannelPairs } from '../../core/compare/channelPairs.ts'
import type { ComparedLayer } from '../../state/compare/compared.ts'
import { findPairs, knownPairs } from '../../state/compare/pairs.ts'
import { untilCleanup } from '../common/untilCleanup.ts'
import { useAppStore } from '../useApp.ts'

/**
 * In step with `others`: the pairs of the layer before with each of them; null as long as they are not found. The first is found
 * first. `others` must be the same array as long as it has the same layers.
 */
export function usePairs(
  before: ComparedLayer | null,
  others: readonly (ComparedLayer | null)[],
  matched: boolean,
): readonly (ChannelPairs | null)[] {
  const { getState } = useAppStore()
  const [, tell] = useReducer((count: number) => count + 1, 0)
  useEffect(() => {
    if (!before) return
    return untilCleanup(async (signal) => {
      for (const other of others) {
        if (!other || knownPairs(before.result, other.result, matched)) continue
        await findPairs(before.result, other.result, matched, signal)
        if (signal.aborted) return
        tell()
      }
    }, getState().report)
  }, [before, others, matched, getState])
  return others.map((other) => before && other && knownPairs(before.result, other.result, matched))
}
