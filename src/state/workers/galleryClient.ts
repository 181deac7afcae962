/**
 * @file The gallery as the page sees it. The gallery learns of an image when it first asks for it: it gets the picture if a
 * scan has just decoded it, and otherwise the file, as posting a file takes half a millisecond.
 */
import { appError, clauseOf, finished } from '../../core/errors.ts'
import type { FigureRequest, PatchRequest, UnknownImages } from '../../engine/gallery.ts'
import type { ImageHandle, LostImage } from '../../engine/images/imageHandle.ts'
import type { PictureCopy } from '../../engine/images/pictureCopy.ts'
import type { HandedPicture, SmallPicture } from '../../engine/images/smallPicture.ts'
import type { Framing } from '../../core/preprocessing/fit.ts'
import type { FigureFormat } from '../../core/mosaic/figureFormats.ts'
import type { FigureHead } from '../../core/mosaic/figurePage.ts'
import type { FigureSheet } from '../../core/mosaic/figureSheet.ts'
import type { MosaicLayout } from '../../core/mosaic/layout.ts'
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
  /** Patches are as sharp as the pictures; otherwise large pictures are shown by their copies, which is enough for tiles. */
  readonly sharp?: boolean
  /** Gets what is drawn until now, as a bitmap of its own. Returns whether more is wanted. */
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

  /** Hands over decoded pictures that are to be shown; the caller must not use them any more. */
  lend(pictures: readonly HandedPicture[], orientation: Orientation): void {
    const copies: PictureCopy[] = []
    const whole: SmallPicture[] = []
    for (const picture of pictures) {
      if ('file' in picture) copies.push(picture)
      else whole.push(picture)
    }
    this.#fresh.add(whole, orientation)
    // A file that is named costs next to nothing. If the gallery has died, copies are made again when they are needed.
    if (copies.length > 0) this.remote.addCopies(copies, orientation).catch(() => undefined)
  }

  /** The whole mosaic. Until it is whole `onDraft` gets what there is of it; null if that says that no more is wanted. */
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

  /** Throws `images/not-shown`, which names the path, or the error of the worker. */
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
    format: FigureFormat,
  ): Promise<Blob[]> {
    return this.#ask((remote) => remote.figures(requests, framing, sheet, head, format))
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

  /** Repeats the call until the gallery knows all its images. */
  async #ask<T>(call: (remote: Remote<GalleryWorker>) => Promise<T | UnknownImages>): Promise<T> {
    for (;;) {
      const { remote } = this
      const answer = await call(remote)
      if (!isUnknown(answer)) return answer
      await this.#introduce(remote, answer.unknown)
    }
  }

  /** An image that cannot be opened any more is passed on as lost, with the reason; its patch stays empty. */
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
