/** @file The opened images. */
import { everything } from '../core/images/selection.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'
import type { Slice } from './appState.ts'
import { type FolderEntry, type ImageSet, type IndexChoice, makeImageSet } from './imageSet.ts'

export interface ImagesSlice {
  readonly images: ImageSet | null
  /** A folder that is being read, and how many files were found in it. */
  readonly readingImages: { readonly name: string; readonly found: number } | null
  /** The images before stay if there are none in these. Resolves to whether there were. */
  openImages(
    name: string,
    entries: Iterable<FolderEntry> | AsyncIterable<FolderEntry>,
    index?: IndexChoice,
  ): Promise<boolean>
  /** The same files with another index. */
  setIndex(choice: IndexChoice): Promise<boolean>
}

/** Files between two updates of the count: often enough to be seen, seldom enough to cost nothing. */
const filesPerUpdate = 500

export const createImages: Slice<ImagesSlice> = (set, get, { gallery }) => {
  let latest = 0

  const use = async (
    name: string,
    entries: ReadonlyMap<string, ImageHandle>,
    index: IndexChoice,
    attempt: number,
  ) => {
    const images = await makeImageSet(name, entries, index, (file) => gallery.remote.readIndex(file))
    if (attempt !== latest) return false
    get().stop()
    await gallery.setImages(images.handleOf)
    set({ images, selection: everything })
    get().clearResults()
    return true
  }

  const guarded = async (name: string, action: (attempt: number) => Promise<boolean>): Promise<boolean> => {
    const attempt = ++latest
    set({ readingImages: { name, found: 0 } })
    try {
      return await action(attempt)
    } catch (error) {
      if (attempt === latest) get().report(error)
      return false
    } finally {
      if (attempt === latest) set({ readingImages: null })
    }
  }

  return {
    images: null,
    readingImages: null,
    openImages: (name, entries, index = 'auto') =>
      guarded(name, async (attempt) => {
        const files = new Map<string, ImageHandle>()
        for await (const { path, handle } of entries) {
          files.set(path, handle)
          if (files.size % filesPerUpdate !== 0) continue
          if (attempt !== latest) return false
          set({ readingImages: { name, found: files.size } })
        }
        return use(name, files, index, attempt)
      }),
    async setIndex(choice) {
      const { images } = get()
      if (!images) return false
      return guarded(images.name, (attempt) => use(images.name, images.entries, choice, attempt))
    },
  }
}
