/**
 * @file The gallery as the page sees it: told of an image the first time that it asks for it, not before. What a scan has
 * decoded just now is handed over; of other images it gets the files, which to post takes half a millisecond each.
 */
import { appError, clauseOf, finished } from '../../core/errors.ts'
import type { FigureRequest, PatchRequest, UnknownImages } from '../../engine/gallery.ts'
import type { ImageHandle, LostImage } from '../../engine/images/imageHandle.ts'
import type { PictureCopy } from '../../engine/images/pictureCopy.ts'
import type { HandedPicture, SmallPicture } from '../../engine/images/smallPicture.ts'
import type { Framing } from '../../core/preprocessing/fit.ts'
import type { FigureSheet } from '../../core/mosaic/figureSheet.ts'
import type { MosaicLayout } from '../../core/mosaic/layout.ts'
import type { FigureHead } from '../../engine/mosaic/figure.ts'
import type { Remote } from '../../rpc/remote.ts'
import { transfer } from '../../rpc/transfer.ts'
import { FreshPictures } from './freshPictures.ts'
import type { GalleryWorker, WorkerHandle } from './workers.ts'

/** The images that the numbers stand for. */
interface Images {
  readonly table: { readonly paths: readonly string[] }
  /** Throws `images/unreadable` if the image has gone. */
  handleOf(image: number): Promise<ImageHandle>
}

type Orientation = Framing['orientation']

export interface MosaicOptions {
  /** As sharp as the pictures are; otherwise large ones are shown by their copies, which is enough for tiles. */
  readonly sharp?: boolean
  /** Gets a bitmap of its own; whether more is wanted. */
  readonly onDraft?: (bitmap: ImageBitmap) => boolean
}

export class GalleryClient {
  readonly #spawn: () => WorkerHandle<GalleryWorker>
  #worker: WorkerHandle<GalleryWorker>
  #images: Images | null = null
  readonly #fresh = new FreshPictures()

  constructor(spawn: () => WorkerHandle<GalleryWorker>) {
    this.#spawn = spawn
    this.#worker = spawn()
  }

  /** A gallery that has died is replaced by one that knows no image yet. */
  get remote(): Remote<GalleryWorker> {
    if (!this.#worker.isAlive()) this.#worker = this.#spawn()
    return this.#worker.remote
  }

  /** Image numbers mean these images from now on. */
  async setImages(images: Images): Promise<void> {
    this.#images = images
    this.#fresh.clear()
    await this.remote.clear()
  }

  /** Pictures that are to be shown, as they have been decoded; nobody else may use them. */
  lend(pictures: readonly HandedPicture[], orientation: Orientation): void {
    const copies: PictureCopy[] = []
    const whole: SmallPicture[] = []
    for (const picture of pictures) {
      if ('file' in picture) copies.push(picture)
      else whole.push(picture)
    }
    this.#fresh.add(whole, orientation)
    // A file that is named costs next to nothing. Without a gallery to keep them they are made again when they are needed.
    if (copies.length > 0) this.remote.addCopies(copies, orientation).catch(() => undefined)
  }

  /**
   * The mosaic, when it is whole. Null where `onDraft`, which gets what there is of it until then, says that nobody waits
   * for more.
   */
  async mosaic(
    patches: readonly PatchRequest[],
    framing: Framing,
    layout: MosaicLayout,
    { sharp = false, onDraft }: MosaicOptions = {},
  ): Promise<ImageBitmap | null> {
    for (let have: number | null = onDraft ? 0 : null; ;) {
      const wish = { sharp, have }
      this.#handOver(patches, framing.orientation)
      const answer = await this.#ask((remote) => remote.mosaic(patches, framing, layout, wish))
      if (answer.done || !onDraft) return answer.bitmap
      if (!onDraft(answer.bitmap)) return null
      have = answer.steps
    }
  }

  /** Throws `images/not-shown`, which names its path, or what the worker says. */
  async picture(
    image: number,
    maxSide: number,
    orientation: Orientation,
  ): Promise<{ bitmap: ImageBitmap; width: number; height: number }> {
    const images = this.#images
    this.#handOver([{ image }], orientation)
    try {
      return await this.#ask((remote) => remote.picture(image, maxSide, orientation))
    } catch (error) {
      throw finished(error, (reason) =>
        appError('images/not-shown', { image: images!.table.paths[image]!, reason }),
      )
    }
  }

  figures(
    requests: readonly FigureRequest[],
    framing: Framing,
    sheet: FigureSheet,
    head: FigureHead,
  ): Promise<Blob[]> {
    return this.#ask((remote) => remote.figures(requests, framing, sheet, head))
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
  async #ask<T>(call: (remote: Remote<GalleryWorker>) => Promise<T | UnknownImages>): Promise<T> {
    for (;;) {
      const { remote } = this
      const answer = await call(remote)
      if (!isUnknown(answer)) return answer
      await this.#introduce(remote, answer.unknown)
    }
  }

  /** One that cannot be opened any more is told as such with the reason, and its patch stays empty. */
  async #introduce(remote: Remote<GalleryWorker>, images: readonly number[]): Promise<void> {
    const set = this.#images
    const handles = await Promise.all(
      images.map(async (image): Promise<[number, ImageHandle | LostImage]> => {
        try {
          return [image, await set!.handleOf(image)]
        } catch (error) {
          return [image, { kind: 'lost', why: clauseOf(error) }]
        }
      }),
    )
    // The numbers may mean other images meanwhile.
    if (set === this.#images) await remote.addImages(handles)
  }
}

function isUnknown<T>(answer: T | UnknownImages): answer is UnknownImages {
  return typeof answer === 'object' && answer !== null && 'unknown' in answer
}
