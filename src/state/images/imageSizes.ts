/** @file The sizes of the images' files, as they become known. */
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import { breather } from '../timing/breather.ts'

/** The size of an address, and of an image that cannot be opened any more. */
const none = -1
const unknown = -2
/** So many files are asked for at once. */
const parallel = 32

export class ImageSizes {
  readonly #bytes: Float64Array

  constructor(images: number) {
    this.#bytes = new Float64Array(images).fill(unknown)
  }

  record(image: number, handle: ImageHandle): void {
    this.#bytes[image] = sizeOf(handle)
  }

  /** The size in bytes, unpacked; null if it is not known. */
  of(image: number): number | null {
    const bytes = this.#bytes[image]!
    return bytes < 0 ? null : bytes
  }

  /** Opens the images that were not opened yet; the page stays responsive. */
  async complete(handleOf: (image: number) => Promise<ImageHandle>): Promise<void> {
    const breathe = breather()
    let next = 0
    const work = async (): Promise<void> => {
      while (next < this.#bytes.length) {
        const image = next++
        if (this.#bytes[image] !== unknown) continue
        try {
          this.record(image, await handleOf(image))
        } catch {
          // The image has gone: the scan reports that, and here it has no size.
          this.#bytes[image] = none
        }
        await breathe()
      }
    }
    await Promise.all(Array.from({ length: parallel }, work))
  }
}

function sizeOf(handle: ImageHandle): number {
  if (typeof handle === 'string') return none
  if (handle instanceof Blob) return handle.size
  return handle.kind === 'archived' ? handle.bytes : handle.width * handle.height * handle.channels
}
