/** @file The gallery as the page sees it: tells the worker of an image the first time it is needed, not before. */
import type { Gallery, FigureRequest, PatchRequest } from '../engine/gallery.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'
import type { MosaicLayout } from '../core/mosaic/layout.ts'
import type { Remote } from '../rpc/remote.ts'
import type { WorkerHandle } from './workers.ts'

type InputShape = readonly [number, number, number]

export class GalleryClient {
  readonly #spawn: () => WorkerHandle<Gallery>
  #worker: WorkerHandle<Gallery>
  #handleOf: (image: number) => ImageHandle = () => ''
  readonly #known = new Set<number>()

  constructor(spawn: () => WorkerHandle<Gallery>) {
    this.#spawn = spawn
    this.#worker = spawn()
  }

  /** A gallery that has died is replaced by one that knows no image yet. */
  get remote(): Remote<Gallery> {
    if (!this.#worker.isAlive()) {
      this.#worker = this.#spawn()
      this.#known.clear()
    }
    return this.#worker.remote
  }

  /** Image numbers mean these images from now on. */
  async setImages(handleOf: (image: number) => ImageHandle): Promise<void> {
    this.#handleOf = handleOf
    this.#known.clear()
    await this.remote.clear()
  }

  async mosaic(
    patches: readonly PatchRequest[],
    inputShape: InputShape,
    layout: MosaicLayout,
  ): Promise<ImageBitmap> {
    this.#introduce(patches)
    return this.remote.mosaic(patches, inputShape, layout)
  }

  async picture(
    image: number,
    maxSide: number,
  ): Promise<{ bitmap: ImageBitmap; width: number; height: number }> {
    this.#introduce([{ image }])
    return this.remote.picture(image, maxSide)
  }

  async figures(
    requests: readonly FigureRequest[],
    inputShape: InputShape,
    layout: MosaicLayout,
  ): Promise<Blob[]> {
    this.#introduce(requests.flatMap(({ patches }) => patches))
    return this.remote.figures(requests, inputShape, layout)
  }

  /** Calls of one port are answered in order, so the images are known before the call that needs them. */
  #introduce(patches: readonly { readonly image: number }[]): void {
    // First, as a gallery that has died is replaced here, and the new one knows no image.
    const { remote } = this
    const fresh = [...new Set(patches.map(({ image }) => image))].filter((image) => !this.#known.has(image))
    if (fresh.length === 0) return
    for (const image of fresh) this.#known.add(image)
    // A dead worker is reported by the call that follows.
    remote.addImages(fresh.map((image) => [image, this.#handleOf(image)])).catch(() => undefined)
  }
}
