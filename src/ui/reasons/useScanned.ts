/** @file Which layers have results that are shown. */
import { useMemo } from 'react'
import { recordedOf } from '../../state/selectors/shown.ts'
import { useApp } from '../useApp.ts'

export function useScanned(): (layer: string) => boolean {
  const results = useApp((state) => state.results)
  const recorded = useApp((state) => recordedOf(state)?.results)
  return useMemo(
    () => (layer: string) => results.has(layer) || (recorded?.has(layer) ?? false),
    [results, recorded],
  )
}
