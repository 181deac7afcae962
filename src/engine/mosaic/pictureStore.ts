/**
 * @file Keeps the pictures that patches are cut from: decoded ones, copies of large ones, and handles of the rest. Only
 * the handles, one for each image that has been shown, grow with the number of images.
 */
import pLimit from 'p-limit'
import { ClauseError, clauseError } from '../../core/errors.ts'
import type { Framing } from '../../core/preprocessing/fit.ts'
import { decodeOpaque, opaqueBitmap, type PixelReader } from '../images/decodeImage.ts'
import type { ImageHandle, LostImage } from '../images/imageHandle.ts'
import { copyOfBitmap, isLarge, type PictureCopy, shrinkBitmap } from '../images/pictureCopy.ts'
import type { SmallPicture } from '../images/smallPicture.ts'
import { BitmapCache } from './bitmapCache.ts'
import { CopyStore } from './copyStore.ts'

type Orientation = Framing['orientation']

/** A picture, or the copy of a large one. */
export interface StoredPicture {
  /** Belongs to the store. */
  readonly bitmap: ImageBitmap
  /** The size of the picture itself. */
  readonly width: number
  readonly height: number
}

/** The limit of decoded pictures: 64 MB. */
const picturePixels = 16e6
/** The limit of copies as files: a thousand or so, more than a screen shows. */
const copyBytes = 192e6
/** The number of pictures that are decoded at a time; large ones as the budget of pixels allows. */
const decodesAtOnce = 6
/** The number of large pictures that are decoded in full at a time, as tiles may be waiting for others. */
const originalsAtOnce = 2

export class PictureStore {
  readonly #reader: PixelReader
  readonly #handles = new Map<number, ImageHandle | LostImage>()
  readonly #pictures = new BitmapCache(picturePixels)
  readonly #copies = new CopyStore(copyBytes)
  readonly #decodes = pLimit(decodesAtOnce)
  readonly #originals = pLimit(originalsAtOnce)
  /** The sizes of the pictures that these are copies of. */
  readonly #sizes = new WeakMap<ImageBitmap, { readonly width: number; readonly height: number }>()

  constructor(reader: PixelReader) {
    this.#reader = reader
  }

  clear(): void {
    this.#handles.clear()
    this.#pictures.clear()
    this.#copies.clear()
  }

  /** The handles of images, or why one cannot be opened any more. */
  addHandles(images: readonly (readonly [image: number, handle: ImageHandle | LostImage])[]): void {
    for (const [image, handle] of images) this.#handles.set(image, handle)
  }

  /** Takes a picture that has been decoded already; it is known for a while. */
  addPicture(picture: SmallPicture, orientation: Orientation): void {
    void this.#pictures.get(keyOf(picture.image, orientation), () => opaqueBitmap(picture))
  }

  addCopy(copy: PictureCopy, orientation: Orientation): void {
    this.#copies.add(keyOf(copy.image, orientation), copy)
  }

  /**
   * Whether an image can be shown, from its file or, if an orientation is given, decoded. `original`: with all its
   * pixels.
   */
  knows(image: number, orientation: Orientation | null, original: boolean): boolean {
    if (this.#handles.has(image)) return true
    if (orientation === null) return false
    const key = keyOf(image, orientation)
    return this.#copies.has(key) ? !original : this.#pictures.has(key)
  }

  /**
   * Gives `use` the picture, opaque, as the network sees it: transparency is dropped, not composited. A large picture
   * is given as its copy. The bitmap stays valid while `use` runs.
   */
  use<T>(
    image: number,
    orientation: Orientation,
    use: (picture: StoredPicture) => T | Promise<T>,
  ): Promise<T> {
    const key = keyOf(image, orientation)
    const found = this.#pictures.get(key, () =>
      this.#decodes(() => {
        const copy = this.#copies.get(key)
        return copy ? this.#decodeCopy(copy) : this.#decode(image, orientation)
      }),
    )
    return found.then((bitmap) => {
      const { width, height } = this.#sizes.get(bitmap) ?? bitmap
      return use({ bitmap, width, height })
    })
  }

  /** Gives `use` all pixels of a picture; it must be done with the bitmap when it returns or resolves. */
  original<T>(
    image: number,
    orientation: Orientation,
    use: (bitmap: ImageBitmap) => T | Promise<T>,
  ): Promise<T> {
    return this.#originals(async () => {
      const bitmap = await decodeOpaque(this.#handleOf(image), orientation, this.#reader)
      try {
        return await use(bitmap)
      } finally {
        bitmap.close()
      }
    })
  }

  async #decodeCopy({ file, width, height }: PictureCopy): Promise<ImageBitmap> {
    const bitmap = await createImageBitmap(file, { colorSpaceConversion: 'none' })
    this.#sizes.set(bitmap, { width, height })
    return bitmap
  }

  async #decode(image: number, orientation: Orientation): Promise<ImageBitmap> {
    const handle = this.#handleOf(image)
    const bitmap = await decodeOpaque(handle, orientation, this.#reader)
    if (!isLarge(bitmap)) return bitmap
    try {
      const { width, height } = bitmap
      const [small, file] = await Promise.all([shrinkBitmap(bitmap), copyOfBitmap(bitmap)])
      // The number may mean another image meanwhile.
      if (this.#handles.get(image) === handle) this.addCopy({ image, width, height, file }, orientation)
      this.#sizes.set(small, { width, height })
      return small
    } finally {
      bitmap.close()
    }
  }

  #handleOf(image: number): ImageHandle {
    const handle = this.#handles.get(image)
    // The images were changed while this one waited for its turn.
    if (handle === undefined) throw clauseError('images/unreadable', { reason: 'other images were opened' })
    if (isLost(handle)) throw new ClauseError('images/unreadable', handle.why)
    return handle
  }
}

function isLost(handle: ImageHandle | LostImage): handle is LostImage {
  return typeof handle === 'object' && 'kind' in handle && handle.kind === 'lost'
}

/** The key of a decoded picture. */
function keyOf(image: number, orientation: Orientation): string {
  return `${image} ${orientation}`
}
