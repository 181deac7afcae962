/**
 * @file The gallery as the page sees it: told of an image the first time that it asks for it, not before. What a scan has
 * decoded just now is handed over; of other images it gets the files, which to post takes half a millisecond each.
 */
import type { FigureRequest, Gallery, PatchRequest, UnknownImages } from '../engine/gallery.ts'
import type { ImageHandle } from '../engine/images/imageHandle.ts'
import type { SmallPicture } from '../engine/images/smallPicture.ts'
import type { Framing } from '../core/images/fit.ts'
import type { MosaicLayout } from '../core/mosaic/layout.ts'
import type { Remote } from '../rpc/remote.ts'
import { transfer } from '../rpc/transfer.ts'
import { FreshPictures } from './freshPictures.ts'
import type { WorkerHandle } from './workers.ts'

type Orientation = Framing['orientation']

export class GalleryClient {
  readonly #spawn: () => WorkerHandle<Gallery>
  #worker: WorkerHandle<Gallery>
  #handleOf: (image: number) => Promise<ImageHandle> = () => Promise.resolve('')
  readonly #fresh = new FreshPictures()

  constructor(spawn: () => WorkerHandle<Gallery>) {
    this.#spawn = spawn
    this.#worker = spawn()
  }

  /** A gallery that has died is replaced by one that knows no image yet. */
  get remote(): Remote<Gallery> {
    if (!this.#worker.isAlive()) this.#worker = this.#spawn()
    return this.#worker.remote
  }

  /** Image numbers mean these images from now on. */
  async setImages(handleOf: (image: number) => Promise<ImageHandle>): Promise<void> {
    this.#handleOf = handleOf
    this.#fresh.clear()
    await this.remote.clear()
  }

  /** Pictures that are about to be shown, as they have been decoded; nobody else may use them. */
  lend(pictures: readonly SmallPicture[], orientation: Orientation): void {
    this.#fresh.add(pictures, orientation)
  }

  mosaic(patches: readonly PatchRequest[], framing: Framing, layout: MosaicLayout): Promise<ImageBitmap> {
    this.#handOver(patches, framing.orientation)
    return this.#ask((remote) => remote.mosaic(patches, framing, layout))
  }

  picture(
    image: number,
    maxSide: number,
    orientation: Orientation,
  ): Promise<{ bitmap: ImageBitmap; width: number; height: number }> {
    this.#handOver([{ image }], orientation)
    return this.#ask((remote) => remote.picture(image, maxSide, orientation))
  }

  figures(requests: readonly FigureRequest[], framing: Framing, layout: MosaicLayout): Promise<Blob[]> {
    return this.#ask((remote) => remote.figures(requests, framing, layout))
  }

  #handOver(patches: readonly { readonly image: number }[], orientation: Orientation): void {
    const pictures = this.#fresh.take(
      patches.map(({ image }) => image),
      orientation,
    )
    if (pictures.length === 0) return
    const buffers = pictures.map(({ data }) => data.buffer)
    // A dead worker is reported by the call that follows; calls of one port are answered in order.
    this.remote.addPictures(transfer(pictures, buffers), orientation).catch(() => undefined)
  }

  /** Until the gallery knows all images that the call is about. */
  async #ask<T>(call: (remote: Remote<Gallery>) => Promise<T | UnknownImages>): Promise<T> {
    for (;;) {
      const { remote } = this
      const answer = await call(remote)
      if (!isUnknown(answer)) return answer
      await this.#introduce(remote, answer.unknown)
    }
  }

  /** One that cannot be opened any more is told as such, and its patch stays empty. */
  async #introduce(remote: Remote<Gallery>, images: readonly number[]): Promise<void> {
    const handleOf = this.#handleOf
    const handles = await Promise.all(
      images.map(async (image): Promise<[number, ImageHandle | null]> => {
        try {
          return [image, await handleOf(image)]
        } catch {
          return [image, null]
        }
      }),
    )
    // The numbers may mean other images meanwhile.
    if (handleOf === this.#handleOf) await remote.addImages(handles)
  }
}

function isUnknown<T>(answer: T | UnknownImages): answer is UnknownImages {
  return typeof answer === 'object' && answer !== null && 'unknown' in answer
}
