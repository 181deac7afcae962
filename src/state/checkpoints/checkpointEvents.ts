/** @file The news of the checkpoints of a scan. */
import type { CheckpointHead } from './checkpointStore.ts'

export type CheckpointEvent =
  /** All that the scan has found in so many images is kept as the record of this id: it has ended, or is paused. */
  | { readonly kind: 'kept'; readonly id: string; readonly images: number }
  /** These records have gone, because that of this scan has taken their place. */
  | { readonly kind: 'superseded'; readonly ids: readonly string[] }
  /** These records had to leave, because there is no room for all. */
  | { readonly kind: 'evicted'; readonly heads: readonly CheckpointHead[] }
  /** Nothing of this scan is kept from now on. `silent`: nothing is lost by it, or it was reported for another scan. */
  | { readonly kind: 'failed'; readonly error: unknown; readonly silent: boolean }
