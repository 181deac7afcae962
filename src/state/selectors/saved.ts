/** @file Whether the results on the page are kept. */
import type { AppState } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

/** Of what is on the page: whether all of it is kept, or why it is not; null where that is not known yet. */
export function savedOf({ saved, coverage, scan }: AppState): 'saved' | { readonly problem: string } | null {
  if (coverage.size === 0 || isUnderWay(scan)) return null
  let all = true
  for (const { images } of coverage.values()) {
    const record = saved.get(images)
    if (record?.problem) return { problem: record.problem }
    all &&= record !== undefined
  }
  return all ? 'saved' : null
}
