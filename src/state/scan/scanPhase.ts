/** @file The stages of a scan. */

export interface ScanProgress {
  readonly layers: readonly string[]
  /** The number of images that went through or were skipped, also in a run that this one goes on with. */
  readonly done: number
  readonly total: number
  /** Is null until two reports have come in. */
  readonly imagesPerSecond: number | null
}

/** A scan that has begun. */
export type BegunPhase =
  | { readonly status: 'preparing' | 'running' | 'paused'; readonly progress: ScanProgress }
  | {
      readonly status: 'done' | 'stopped' | 'failed'
      readonly progress: ScanProgress
      /** The time from the first batch to the last, without pauses. */
      readonly seconds: number
    }

export type ScanPhase = { readonly status: 'idle' } | BegunPhase

/** Whether a scan runs, is about to, or is paused. */
export function isUnderWay(
  scan: ScanPhase,
): scan is Extract<ScanPhase, { status: 'preparing' | 'running' | 'paused' }> {
  return scan.status === 'preparing' || scan.status === 'running' || scan.status === 'paused'
}
