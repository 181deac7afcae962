/** @file What the page shows of the checkpoints of a scan. */
import { messageOf, sentence } from '../../core/errors.ts'
import type { ImageMask } from '../../core/scan/imageMask.ts'
import type { AppState, Saved, Slice } from '../appState.ts'
import type { CheckpointEvent } from '../checkpoints/checkpointEvents.ts'
import { nameOf } from '../checkpoints/recent.ts'

/** Hears the events of a scan that goes by this mask. */
export function keepingOf(
  mask: ImageMask,
  set: Parameters<Slice<unknown>>[0],
  get: () => AppState,
): (event: CheckpointEvent) => void {
  const note = (saved: Saved): void => set({ saved: new Map([...get().saved, [mask, saved]]) })
  return (event) => {
    switch (event.kind) {
      case 'kept':
        return note({ id: event.id, images: event.images, problem: null })
      case 'superseded':
        return get().dropOffers(event.ids)
      case 'evicted':
        get().dropOffers(event.heads.map(({ id }) => id))
        return get().notify(
          'warning',
          sentence('kept/evicted', { names: event.heads.map(nameOf).join('; ') }),
        )
      case 'failed': {
        const reason = messageOf(event.error)
        note({ id: '', images: 0, problem: reason })
        if (!event.silent) get().notify('warning', sentence('scan/checkpoint-failed', { reason }))
      }
    }
  }
}
