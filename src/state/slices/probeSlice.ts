/** @file The picture whose channels are looked at: any picture, or an image of the set. */
import { appError, finished } from '../../core/errors.ts'
import type { ProbeSlice, Slice } from '../appState.ts'
import { Latest } from '../timing/latest.ts'

export const createProbe: Slice<ProbeSlice> = (set, get) => {
  const attempts = new Latest()
  return {
    probed: null,
    probe(picture) {
      attempts.cancel()
      if (picture) set({ probed: { name: picture.name, handle: picture.handle, from: null } })
      if (get().page !== 'probe') get().showPage('probe')
    },
    async probeImage(image) {
      const { images } = get()
      if (!images) return
      const attempt = attempts.begin()
      const name = images.table.paths[image]!
      try {
        const handle = await images.handleOf(image)
        if (attempt.aborted || get().images !== images) return
        set({ probed: { name, handle, from: { images, image } } })
        if (get().page !== 'probe') get().showPage('probe')
      } catch (error) {
        if (!attempt.aborted)
          get().report(finished(error, (reason) => appError('images/not-shown', { image: name, reason })))
      }
    },
  }
}
