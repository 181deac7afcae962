/**
 * @file The news of a scan as one union. `ScanRun` emits what becomes of batches, `ScanJob` adds what becomes of engines,
 * and the page (`slices/pageScan`) hears all of it by one function.
 */
import type { BatchReport } from '../../engine/scan/batchScan.ts'

export type ScanEvent =
  /** The first engine takes part. */
  | { readonly kind: 'ready' }
  /** A report has been taken into the results. */
  | { readonly kind: 'taken'; readonly report: BatchReport }
  /** Images that take their workers down have been skipped. */
  | { readonly kind: 'skipped' }
  /** The phase of the job has new numbers: now and then while reports come in, at a pause, and when the last one has come in then. */
  | { readonly kind: 'progress' }
  /**
   * Results, mask and skipped images are of the same images: after each report, at a pause, and when all that was under way
   * then has come in. The next report waits until this has been handled.
   */
  | { readonly kind: 'settled'; readonly occasion: 'report' | 'pause' }
  /** An engine takes no part any more; the others go on. */
  | { readonly kind: 'missing'; readonly error: unknown }
  /** An engine was lost with this many images in hand, and another one has taken its seat. */
  | { readonly kind: 'replaced'; readonly error: unknown; readonly images: number }
  /** All that will be taken in has been; `outcome` settles right after this. */
  | { readonly kind: 'ended' }

/** Only `settled` is waited for. */
export type OnScanEvent = (event: ScanEvent) => Promise<void> | void
