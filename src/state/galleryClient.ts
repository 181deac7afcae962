/** @file The gallery as the page sees it: tells the worker of an image the first time it is needed, not before. */
import type { Gallery, FigureRequest, PatchRequest } from '../engine/gallery.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'
import type { Framing } from '../core/images/fit.ts'
import type { MosaicLayout } from '../core/mosaic/layout.ts'
import type { Remote } from '../rpc/remote.ts'
import type { WorkerHandle } from './workers.ts'

export class GalleryClient {
  readonly #spawn: () => WorkerHandle<Gallery>
  #worker: WorkerHandle<Gallery>
  #handleOf: (image: number) => Promise<ImageHandle> = () => Promise.resolve('')
  #known = new Set<number>()

  constructor(spawn: () => WorkerHandle<Gallery>) {
    this.#spawn = spawn
    this.#worker = spawn()
  }

  /** A gallery that has died is replaced by one that knows no image yet. */
  get remote(): Remote<Gallery> {
    if (!this.#worker.isAlive()) {
      this.#worker = this.#spawn()
      this.#known = new Set()
    }
    return this.#worker.remote
  }

  /** Image numbers mean these images from now on. */
  async setImages(handleOf: (image: number) => Promise<ImageHandle>): Promise<void> {
    this.#handleOf = handleOf
    this.#known = new Set()
    await this.remote.clear()
  }

  async mosaic(
    patches: readonly PatchRequest[],
    framing: Framing,
    layout: MosaicLayout,
  ): Promise<ImageBitmap> {
    const remote = await this.#introduce(patches)
    return remote.mosaic(patches, framing, layout)
  }

  async picture(
    image: number,
    maxSide: number,
    orientation: Framing['orientation'],
  ): Promise<{ bitmap: ImageBitmap; width: number; height: number }> {
    const remote = await this.#introduce([{ image }])
    return remote.picture(image, maxSide, orientation)
  }

  async figures(requests: readonly FigureRequest[], framing: Framing, layout: MosaicLayout): Promise<Blob[]> {
    const remote = await this.#introduce(requests.flatMap(({ patches }) => patches))
    return remote.figures(requests, framing, layout)
  }

  /** The gallery, once it knows these images. One that cannot be opened any more stays unknown, and its patch empty. */
  async #introduce(patches: readonly { readonly image: number }[]): Promise<Remote<Gallery>> {
    // First, as a gallery that has died is replaced here, and the new one knows no image.
    const { remote } = this
    const known = this.#known
    const fresh = [...new Set(patches.map(({ image }) => image))].filter((image) => !known.has(image))
    const opened = await Promise.allSettled(
      fresh.map(async (image) => [image, await this.#handleOf(image)] as const),
    )
    // The images may have been replaced, or introduced by another call, meanwhile.
    const handles = opened
      .flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      .filter(([image]) => known === this.#known && !known.has(image))
    for (const [image] of handles) known.add(image)
    // A dead worker is reported by the call that follows; calls of one port are answered in order.
    if (handles.length > 0) remote.addImages(handles).catch(() => undefined)
    return remote
  }
}
