/** @file Where a scan stands. */
import type { ScanProgress } from './scanTally.ts'

export type ScanPhase =
  | { readonly status: 'idle' }
  | { readonly status: 'preparing' | 'running' | 'paused'; readonly progress: ScanProgress }
  | {
      readonly status: 'done' | 'stopped' | 'failed'
      readonly progress: ScanProgress
      /** From the first batch to the last, pauses left out. */
      readonly seconds: number
    }

/** Whether a scan runs, is about to, or is paused. */
export function isUnderWay(
  scan: ScanPhase,
): scan is Extract<ScanPhase, { status: 'preparing' | 'running' | 'paused' }> {
  return scan.status === 'preparing' || scan.status === 'running' || scan.status === 'paused'
}
