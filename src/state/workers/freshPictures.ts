/** @file Pictures that the scan has just decoded, until one is to be shown or newer ones take its place. */
import type { Framing } from '../../core/preprocessing/fit.ts'
import type { SmallPicture } from '../../engine/images/smallPicture.ts'

/** Enough for some seconds of a scan: 400 pictures of 96×96 pixels. */
const mostBytes = 16e6

export class FreshPictures {
  /** The pictures by image number, the oldest first. */
  readonly #pictures = new Map<number, SmallPicture>()
  #orientation: Framing['orientation'] = 'ignore'
  #bytes = 0

  /** Forgets pictures of another orientation. */
  add(pictures: readonly SmallPicture[], orientation: Framing['orientation']): void {
    if (orientation !== this.#orientation) this.clear()
    this.#orientation = orientation
    for (const picture of pictures) {
      this.#drop(picture.image)
      this.#pictures.set(picture.image, picture)
      this.#bytes += picture.data.byteLength
    }
    for (const image of this.#pictures.keys()) {
      if (this.#bytes <= mostBytes) break
      this.#drop(image)
    }
  }

  /** Removes and returns the pictures of these images that are here; the caller owns them. */
  take(images: Iterable<number>, orientation: Framing['orientation']): SmallPicture[] {
    if (orientation !== this.#orientation) return []
    const taken: SmallPicture[] = []
    for (const image of images) {
      const picture = this.#drop(image)
      if (picture) taken.push(picture)
    }
    return taken
  }

  clear(): void {
    this.#pictures.clear()
    this.#bytes = 0
  }

  #drop(image: number): SmallPicture | undefined {
    const picture = this.#pictures.get(image)
    if (!picture) return undefined
    this.#pictures.delete(image)
    this.#bytes -= picture.data.byteLength
    return picture
  }
}
