/** @file The opened images. */
import { sentence } from '../../core/errors.ts'
import { everything } from '../../core/images/selection.ts'
import type { Slice, ImagesSlice } from '../appState.ts'
import {
  type FolderListing,
  type ImageSet,
  type IndexChoice,
  listFolder,
  makeImageSet,
} from '../images/imageSet.ts'
import { Latest } from '../timing/latest.ts'

/** The time between two updates of the count: often enough to be seen, seldom enough to cost nothing. */
const updateMs = 100

export const createImages: Slice<ImagesSlice> = (set, get, { gallery }) => {
  const attempts = new Latest()

  /** The latest call wins. */
  const guarded = async (
    name: string,
    take: (signal: AbortSignal) => Promise<{ listing: FolderListing; choice: IndexChoice }>,
  ): Promise<boolean> => {
    const attempt = attempts.begin()
    set({ readingImages: { name, found: 0, folder: '' } })
    try {
      const { listing, choice } = await take(attempt)
      const images = await makeImageSet(listing, choice, gallery.remote, get().images)
      if (attempt.aborted) return false
      get().putAside()
      await gallery.setImages(images)
      set({ images, selection: everything })
      get().fitResults()
      tellLeftOut(images)
      for (const remark of images.remarks) get().notify('warning', remark)
      return true
    } catch (error) {
      if (!attempt.aborted) get().report(error)
      return false
    } finally {
      if (!attempt.aborted) set({ readingImages: null })
    }
  }

  const tellLeftOut = ({ name, leftOut }: ImageSet): void => {
    const [first] = leftOut
    if (first)
      get().notify('warning', sentence('images/left-out', { folder: name, count: leftOut.length, ...first }))
  }

  return {
    images: null,
    readingImages: null,
    openImages: (source, index = 'auto') =>
      guarded(source.name, async (signal) => {
        let lastUpdate = Number.NEGATIVE_INFINITY
        const listing = await listFolder(source, signal, (found, folder) => {
          const now = performance.now()
          if (now - lastUpdate < updateMs || signal.aborted) return
          lastUpdate = now
          set({ readingImages: { name: source.name, found, folder } })
        })
        return { listing, choice: index }
      }),
    stopReading() {
      attempts.cancel()
      set({ readingImages: null })
    },
    async setIndex(choice) {
      const { images } = get()
      if (!images) return false
      return guarded(images.name, () => Promise.resolve({ listing: images.listing, choice }))
    },
  }
}
