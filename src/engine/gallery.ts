/**
 * @file The gallery draws pictures for the page, in a worker of its own, so that a channel opens at once while the
 * engines are busy. It knows nothing of networks.
 */
import type { MapShape } from '../core/model/network.ts'
import type { Framing } from '../core/preprocessing/fit.ts'
import type { InputStatistics } from '../core/preprocessing/inputStatistics.ts'
import type { Preprocessing } from '../core/preprocessing/preprocessing.ts'
import type { Box } from '../core/model/receptiveField.ts'
import type { FigureFormat } from '../core/mosaic/figureFormats.ts'
import { type FigureHead, type FigureTexts, layOutPage } from '../core/mosaic/figurePage.ts'
import { type FigureSheet, mosaicsPerPage } from '../core/mosaic/figureSheet.ts'
import { type MosaicLayout, mosaicExtent, slotOrigin } from '../core/mosaic/layout.ts'
import { transfer } from '../rpc/transfer.ts'
import { decodeOpaque, PixelReader } from './images/decodeImage.ts'
import type { ImageHandle, LostImage } from './images/imageHandle.ts'
import { isDecoded, type Picture } from './images/pictureInput.ts'
import { type InputInspection, inspectInput, sampleInput } from './preprocessing/inspectInput.ts'
import type { PictureCopy } from './images/pictureCopy.ts'
import { type ShownPicture, shownPicture } from './images/shownPicture.ts'
import { smallerBitmap } from './images/smallerBitmap.ts'
import { isSmall, type SmallPicture } from './images/smallPicture.ts'
import { BitmapCache } from './mosaic/bitmapCache.ts'
import { type CutPatch, cutMissing, cutPatch } from './mosaic/figures/cutPatch.ts'
import { figureWriter } from './mosaic/figures/writers.ts'
import { measureText } from './mosaic/figures/measureText.ts'
import { MosaicDrawing } from './mosaic/mosaicDrawing.ts'
import { PictureStore, type StoredPicture } from './mosaic/pictureStore.ts'
import { isSharp, patchBitmap, renderMissing, renderPatch } from './mosaic/renderPatch.ts'

export interface PatchRequest {
  /** The image's number. */
  readonly image: number
  readonly box: Box
}

export interface FigureRequest extends FigureTexts {
  /** As many as it has descriptions. */
  readonly patches: readonly PatchRequest[]
}

/** Nothing was done, as these images are not known here, or not any more: call `addImages`, and ask again. */
export interface UnknownImages {
  readonly unknown: readonly number[]
}

/** A mosaic, complete or as far as it has come. */
export interface MosaicAnswer {
  readonly bitmap: ImageBitmap
  readonly done: boolean
  /** The number of steps so far; the next call passes it as `have`. */
  readonly steps: number
}

export interface MosaicWish {
  /** Patches of large pictures are cut from their copies first, then, where those are too small, from the pictures. */
  readonly sharp: boolean
  /**
   * The steps of the last answer: the call answers once there are more. If null, it answers when the mosaic is
   * complete.
   */
  readonly have: number | null
}

const whole: MosaicWish = { sharp: false, have: null }

type Orientation = Framing['orientation']

/** The limit of kept patches: 48 MB, those of some hundred tiles. */
const patchPixels = 12e6

export class Gallery {
  readonly #reader = new PixelReader()
  readonly #pictures = new PictureStore(this.#reader)
  /** Patches of all but small pictures, which stay decoded by the thousand and cost nothing to cut again. */
  readonly #patches = new BitmapCache(patchPixels)

  /** Forgets all pictures: their numbers mean other images now. */
  clear(): void {
    this.#pictures.clear()
    this.#patches.clear()
  }

  /** Takes the handles of images by number, or why an image cannot be opened any more. */
  addImages(images: readonly (readonly [image: number, handle: ImageHandle | LostImage])[]): void {
    this.#pictures.addHandles(images)
  }

  /** Takes images that have been decoded already. They are known for a while. */
  addPictures(pictures: readonly SmallPicture[], orientation: Orientation): void {
    for (const picture of pictures) this.#pictures.addPicture(picture, orientation)
  }

  /** Takes copies of large images that have been decoded. They, too, are known for a while. */
  addCopies(copies: readonly PictureCopy[], orientation: Orientation): void {
    for (const copy of copies) this.#pictures.addCopy(copy, orientation)
  }

  /** Draws one bitmap, which is handed over. A patch whose picture cannot be read any more is marked as such. */
  async mosaic(
    patches: readonly PatchRequest[],
    framing: Framing,
    layout: MosaicLayout,
    wish: MosaicWish = whole,
  ): Promise<MosaicAnswer | UnknownImages> {
    const unknown = this.#unknown(patches, framing.orientation, wish.sharp)
    if (unknown) return unknown
    const answer = await this.#mosaic(patches, framing, layout, wish)
    return transfer(answer, [answer.bitmap])
  }

  /**
   * Gives the whole picture, at most `maxSide` pixels wide and high and turned as the network gets it, and its real
   * size. The bitmap is handed over.
   */
  async picture(
    image: number,
    maxSide: number,
    orientation: Orientation,
  ): Promise<ShownPicture | UnknownImages> {
    const unknown = this.#unknown([{ image }], orientation, false)
    if (unknown) return unknown
    const small = await this.#pictures.use(image, orientation, async ({ bitmap, width, height }) => {
      const isEnough = bitmap.width === width || Math.max(bitmap.width, bitmap.height) >= maxSide
      return isEnough ? { bitmap: await smallerBitmap(bitmap, maxSide), width, height } : null
    })
    if (small) return transfer(small, [small.bitmap])
    const unknownOriginal = this.#unknown([{ image }], orientation, true)
    if (unknownOriginal) return unknownOriginal
    const picture = await this.#pictures.original(image, orientation, async (original) => ({
      bitmap: await smallerBitmap(original, maxSide),
      width: original.width,
      height: original.height,
    }))
    return transfer(picture, [picture.bitmap])
  }

  /** Decodes a picture that is none of the images, at most `maxSide` pixels wide and high; its bitmap is handed over. Throws `images/…`. */
  async foreignPicture(
    handle: ImageHandle,
    maxSide: number,
    orientation: Orientation,
  ): Promise<ShownPicture> {
    const picture = await shownPicture(handle, maxSide, orientation, this.#reader)
    return transfer(picture, [picture.bitmap])
  }

  /** Draws a patch of a picture that is none of the images as mosaics do, into a bitmap, which is handed over. Throws `images/…`. */
  async foreignPatch(picture: Picture, box: Box, framing: Framing, size: number): Promise<ImageBitmap> {
    const bitmap = isDecoded(picture)
      ? await createImageBitmap(new ImageData(Uint8ClampedArray.from(picture.data), picture.width))
      : await decodeOpaque(picture, framing.orientation, this.#reader)
    try {
      const patch = patchBitmap({ bitmap, width: bitmap.width, height: bitmap.height }, box, framing, size)
      return transfer(patch, [patch])
    } finally {
      bitmap.close()
    }
  }

  /** Shows what a network with this input sees of a picture; both bitmaps are handed over. Throws `images/…`. */
  async inspectInput(
    handle: ImageHandle,
    inputShape: MapShape,
    preprocessing: Preprocessing,
  ): Promise<InputInspection> {
    const inspection = await inspectInput(handle, inputShape, preprocessing, this.#reader)
    return transfer(inspection, [inspection.picture, inspection.input])
  }

  /** The statistics of the numbers that the network gets for several pictures together. */
  sampleInput(
    handles: readonly ImageHandle[],
    inputShape: MapShape,
    preprocessing: Preprocessing,
  ): Promise<InputStatistics> {
    return sampleInput(handles, inputShape, preprocessing, this.#reader)
  }

  /** Draws mosaics on the pages of one file, or of one for each page; title and note stand at the top of each. */
  async figures(
    requests: readonly FigureRequest[],
    framing: Framing,
    sheet: FigureSheet,
    [title, note]: FigureHead,
    format: FigureFormat,
  ): Promise<Blob[] | UnknownImages> {
    // Handles are needed: a picture that is only known decoded may be dropped before its figure's turn.
    const unknown = this.#unknown(requests.flatMap(({ patches }) => patches))
    if (unknown) return unknown
    const writer = await figureWriter(format)
    const perPage = mosaicsPerPage(sheet)
    const pages = Math.ceil(requests.length / perPage)
    for (let page = 0; page < pages; page++) {
      const mosaics = requests.slice(page * perPage, (page + 1) * perPage)
      const of = pages > 1 ? ` · page ${page + 1} of ${pages}` : ''
      await writer.add(
        layOutPage(mosaics, [title, note + of], sheet, measureText),
        ({ mosaic, rank, size }) => this.#cut(mosaics[mosaic]!.patches[rank]!, framing, size),
      )
    }
    return writer.end()
  }

  /** Is null if all are known, by their files or, if an orientation is given, decoded. */
  #unknown(
    patches: readonly { readonly image: number }[],
    orientation: Orientation | null = null,
    original = true,
  ): UnknownImages | null {
    const images = new Set(patches.map(({ image }) => image))
    const unknown = [...images].filter((image) => !this.#pictures.knows(image, orientation, original))
    return unknown.length > 0 ? { unknown } : null
  }

  /** Cuts a patch for a figure, as sharp as its picture. */
  async #cut({ image, box }: PatchRequest, framing: Framing, most: number): Promise<CutPatch> {
    const { orientation } = framing
    const cut = (picture: StoredPicture): CutPatch => cutPatch(picture, box, framing, most)
    try {
      const found = await this.#pictures.use(image, orientation, (picture) =>
        isSharp(picture, box, framing, most) ? cut(picture) : null,
      )
      return (
        found ?? (await this.#pictures.original(image, orientation, (bitmap) => cut(wholePicture(bitmap))))
      )
    } catch {
      return cutMissing(most)
    }
  }

  async #mosaic(
    patches: readonly PatchRequest[],
    framing: Framing,
    layout: MosaicLayout,
    { sharp, have }: MosaicWish,
  ): Promise<MosaicAnswer> {
    const drawing = new MosaicDrawing(mosaicExtent(layout))
    // Each patch is drawn as soon as it is there, as the cache may drop it before the last one comes.
    const all = patches.map(async (patch, rank) => {
      const { x, y } = slotOrigin(layout, rank)
      try {
        await this.#drawPatch(drawing, patch, framing, x, y, layout.patch, sharp)
      } catch {
        drawing.draw((context) => renderMissing(context, x, y, layout.patch))
      }
    })
    const done = await drawing.ready(Promise.all(all), have)
    return { bitmap: drawing.take(), done, steps: drawing.steps }
  }

  async #drawPatch(
    drawing: MosaicDrawing,
    patch: PatchRequest,
    framing: Framing,
    x: number,
    y: number,
    size: number,
    sharp: boolean,
  ): Promise<void> {
    const { image, box } = patch
    const { orientation } = framing
    const key = keyOf(patch, framing, size)
    const sharpKey = `${key} sharp`
    const draw = (bitmap: ImageBitmap): void => drawing.draw((context) => context.drawImage(bitmap, x, y))
    const cut = (picture: StoredPicture): ImageBitmap => patchBitmap(picture, box, framing, size)
    const cutOriginal = (): Promise<ImageBitmap> =>
      this.#pictures.original(image, orientation, (bitmap) => cut(wholePicture(bitmap)))
    if (sharp && this.#patches.has(sharpKey)) return this.#patches.get(sharpKey, cutOriginal).then(draw)
    if (!sharp && this.#patches.has(key))
      return this.#patches.get(key, () => this.#pictures.use(image, orientation, cut)).then(draw)
    const isDone = await this.#pictures.use(image, orientation, async (picture) => {
      if (isSmall(picture)) drawing.draw((context) => renderPatch(context, picture, box, framing, x, y, size))
      else await this.#patches.get(key, () => Promise.resolve(cut(picture))).then(draw)
      return !sharp || isSharp(picture, box, framing, size)
    })
    if (!isDone) await this.#patches.get(sharpKey, cutOriginal).then(draw)
  }
}

function wholePicture(bitmap: ImageBitmap): StoredPicture {
  return { bitmap, width: bitmap.width, height: bitmap.height }
}

/** The key of a patch as it is drawn. */
function keyOf({ image, box }: PatchRequest, framing: Framing, size: number): string {
  const { inputShape, fit, cropFraction, orientation } = framing
  return `${image} ${box.join()} ${inputShape.join()} ${fit} ${cropFraction} ${orientation} ${size}`
}
