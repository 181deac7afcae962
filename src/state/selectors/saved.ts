/** @file Whether the results on the page are kept. */
import type { AppState } from '../appState.ts'
import { isUnderWay } from '../scan/scanPhase.ts'

/** Whether all results on the page are kept, or why they are not; null if that is not known yet. */
export function savedOf({ saved, coverage, scan }: AppState): 'saved' | { readonly problem: string } | null {
  if (coverage.size === 0 || (isUnderWay(scan) && scan.status !== 'paused')) return null
  let all = true
  for (const { images } of coverage.values()) {
    const record = saved.get(images)
    if (record?.problem) return { problem: record.problem }
    all &&= record?.images === images.count
  }
  return all ? 'saved' : null
}
