/**
 * @file The gallery: pictures for the page, in a worker of its own, so that a channel opens at once while the
 * engines are busy. It knows nothing of networks.
 */
import pLimit from 'p-limit'
import { ClauseError, clauseError } from '../core/errors.ts'
import type { Framing } from '../core/images/fit.ts'
import type { InputStatistics } from '../core/images/inputStatistics.ts'
import type { Preprocessing } from '../core/images/preprocessing.ts'
import type { Box } from '../core/model/receptiveField.ts'
import { type MosaicLayout, mosaicExtent, slotOrigin } from '../core/mosaic/layout.ts'
import { transfer } from '../rpc/transfer.ts'
import { type ArchiveCursor, type ArchivePiece, listArchive } from './archives/listArchive.ts'
import { type DatasetFile, type DatasetPart, listDataset } from './archives/datasets.ts'
import { digestFile, digestLines } from './digest.ts'
import { decodeOpaque, opaqueBitmap, PixelReader } from './images/decodeImage.ts'
import type { ImageHandle, LostImage } from './images/imageHandle.ts'
import { type InputInspection, inspectInput, sampleInput } from './images/inspectInput.ts'
import { makeTable, type TableAnswer, type TableRequest } from './images/makeTable.ts'
import { readIndex } from './images/readIndex.ts'
import { smallerBitmap } from './images/smallerBitmap.ts'
import { isSmall, type SmallPicture } from './images/smallPicture.ts'
import { BitmapCache } from './mosaic/bitmapCache.ts'
import { drawFigure, mosaicsPerFigure } from './mosaic/figure.ts'
import { renderPatch } from './mosaic/renderPatch.ts'

export interface PatchRequest {
  /** The image's number. */
  readonly image: number
  readonly box: Box
}

export interface FigureRequest {
  readonly title: string
  readonly patches: readonly PatchRequest[]
}

/** Nothing was done, as these are not known here, or not any more: `addImages`, and ask again. */
export interface UnknownImages {
  readonly unknown: readonly number[]
}

/** Height, width, channels. */
type InputShape = readonly [number, number, number]

type Orientation = Framing['orientation']

/** 64 MB of decoded pictures and 48 MB of patches: some hundred tiles of 16, and the photos they come from. */
const picturePixels = 16e6
const patchPixels = 12e6

export class Gallery {
  readonly #reader = new PixelReader()
  readonly #handles = new Map<number, ImageHandle | LostImage>()
  readonly #pictures = new BitmapCache(picturePixels)
  /** Of large pictures only: small ones stay decoded by the thousand, and cutting them anew costs nothing. */
  readonly #patches = new BitmapCache(patchPixels)
  readonly #large = new Set<number>()
  readonly #decodes = pLimit(6)

  /** Forget all pictures: their numbers mean other images now. */
  clear(): void {
    this.#handles.clear()
    this.#pictures.clear()
    this.#patches.clear()
    this.#large.clear()
  }

  /** Where images are, by number, or why one cannot be opened any more. */
  addImages(images: readonly (readonly [image: number, handle: ImageHandle | LostImage])[]): void {
    for (const [image, handle] of images) this.#handles.set(image, handle)
  }

  /** Images that have been decoded already. They are known for a while. */
  addPictures(pictures: readonly SmallPicture[], orientation: Orientation): void {
    for (const picture of pictures)
      void this.#pictures.get(keyOf(picture.image, orientation), () => opaqueBitmap(picture))
  }

  /** One bitmap, handed over; a patch whose picture cannot be read any more stays empty. */
  async mosaic(
    patches: readonly PatchRequest[],
    framing: Framing,
    layout: MosaicLayout,
  ): Promise<ImageBitmap | UnknownImages> {
    const unknown = this.#unknown(patches, framing.orientation)
    if (unknown) return unknown
    const bitmap = await this.#mosaic(patches, framing, layout)
    return transfer(bitmap, [bitmap])
  }

  /**
   * The whole picture, at most `maxSide` pixels wide and high, handed over; with its real size. Turned as the network
   * gets it.
   */
  async picture(
    image: number,
    maxSide: number,
    orientation: Orientation,
  ): Promise<{ bitmap: ImageBitmap; width: number; height: number } | UnknownImages> {
    const unknown = this.#unknown([{ image }], orientation)
    if (unknown) return unknown
    const picture = await this.#picture(image, orientation)
    const { width, height } = picture
    const bitmap = await smallerBitmap(picture, maxSide)
    return transfer({ bitmap, width, height }, [bitmap])
  }

  /** What a network of this input sees of a picture; both bitmaps are handed over. Throws `images/…`. */
  async inspectInput(
    handle: ImageHandle,
    inputShape: InputShape,
    preprocessing: Preprocessing,
  ): Promise<InputInspection> {
    const inspection = await inspectInput(handle, inputShape, preprocessing, this.#reader)
    return transfer(inspection, [inspection.picture, inspection.input])
  }

  /** The numbers that it gets for several pictures together. */
  sampleInput(
    handles: readonly ImageHandle[],
    inputShape: InputShape,
    preprocessing: Preprocessing,
  ): Promise<InputStatistics> {
    return sampleInput(handles, inputShape, preprocessing, this.#reader)
  }

  /** PNG files, as many as are needed, each within what browsers can draw. */
  async figures(
    requests: readonly FigureRequest[],
    framing: Framing,
    layout: MosaicLayout,
  ): Promise<Blob[] | UnknownImages> {
    // By file: what is only decoded may be dropped before its figure's turn.
    const unknown = this.#unknown(requests.flatMap(({ patches }) => patches))
    if (unknown) return unknown
    const perFigure = mosaicsPerFigure(layout)
    const figures: Blob[] = []
    for (let at = 0; at < requests.length; at += perFigure) {
      const mosaics: { title: string; bitmap: ImageBitmap }[] = []
      for (const { title, patches } of requests.slice(at, at + perFigure))
        mosaics.push({ title, bitmap: await this.#mosaic(patches, framing, layout) })
      figures.push(await drawFigure(mosaics, layout))
      for (const { bitmap } of mosaics) bitmap.close()
    }
    return figures
  }

  /** Cells of each line of a TSV or CSV file. */
  readIndex(file: Blob): Promise<string[][]> {
    return readIndex(file)
  }

  /** The next piece of an archive's listing. */
  listArchive(file: Blob, label: string, cursor: ArchiveCursor | null): Promise<ArchivePiece> {
    return listArchive(file, label, cursor)
  }

  /** What lies in files of CIFAR and MNIST. */
  listDataset(files: readonly DatasetFile[]): Promise<DatasetPart[]> {
    return listDataset(files)
  }

  makeTable(request: TableRequest): Promise<TableAnswer> {
    return makeTable(request)
  }

  digestFile(file: Blob): Promise<string> {
    return digestFile(file)
  }

  digestLines(lines: readonly string[]): string {
    return digestLines(lines)
  }

  /** Null where all are known: by their files or, if an orientation is given, decoded. */
  #unknown(patches: readonly { readonly image: number }[], orientation?: Orientation): UnknownImages | null {
    const images = new Set(patches.map(({ image }) => image))
    const unknown = [...images].filter(
      (image) =>
        !this.#handles.has(image) &&
        (orientation === undefined || !this.#pictures.has(keyOf(image, orientation))),
    )
    return unknown.length > 0 ? { unknown } : null
  }

  async #mosaic(
    patches: readonly PatchRequest[],
    framing: Framing,
    layout: MosaicLayout,
  ): Promise<ImageBitmap> {
    const extent = mosaicExtent(layout)
    const canvas = new OffscreenCanvas(extent, extent)
    const context = canvas.getContext('2d')!
    // Each patch is drawn as soon as it is there: the cache may drop it before the last one comes.
    await Promise.allSettled(
      patches.map(async (patch, rank) => {
        const { x, y } = slotOrigin(layout, rank)
        if (!this.#large.has(patch.image)) {
          const picture = await this.#picture(patch.image, framing.orientation)
          if (isSmall(picture)) return renderPatch(context, picture, patch.box, framing, x, y, layout.patch)
          this.#large.add(patch.image)
        }
        context.drawImage(await this.#patch(patch, framing, layout.patch), x, y)
      }),
    )
    return canvas.transferToImageBitmap()
  }

  #patch({ image, box }: PatchRequest, framing: Framing, size: number): Promise<ImageBitmap> {
    const { inputShape, fit, cropFraction, orientation } = framing
    const place = `${box.join()} ${inputShape.join()} ${fit} ${cropFraction} ${orientation}`
    return this.#patches.get(`${image} ${place} ${size}`, async () => {
      const picture = await this.#picture(image, orientation)
      const canvas = new OffscreenCanvas(size, size)
      renderPatch(canvas.getContext('2d')!, picture, box, framing, 0, 0, size)
      return canvas.transferToImageBitmap()
    })
  }

  /** Opaque, as the network sees it: transparency is dropped, not composited. */
  #picture(image: number, orientation: Orientation): Promise<ImageBitmap> {
    return this.#pictures.get(keyOf(image, orientation), () =>
      this.#decodes(async () => {
        const handle = this.#handles.get(image)
        // The images were changed while this one waited for its turn.
        if (handle === undefined)
          throw clauseError('images/unreadable', { reason: 'other images were opened' })
        if (isLost(handle)) throw new ClauseError('images/unreadable', handle.why)
        return decodeOpaque(handle, orientation, this.#reader)
      }),
    )
  }
}

function isLost(handle: ImageHandle | LostImage): handle is LostImage {
  return typeof handle === 'object' && 'kind' in handle && handle.kind === 'lost'
}

/** Of a decoded picture. */
function keyOf(image: number, orientation: Orientation): string {
  return `${image} ${orientation}`
}
