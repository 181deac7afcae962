/** @file Sizes of the images' files, as they become known. */
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import { breather } from '../timing/breather.ts'

/** Of an address, and of what cannot be opened any more. */
const none = -1
const unknown = -2
/** Files that are asked for at once. */
const parallel = 32

export class ImageSizes {
  readonly #bytes: Float64Array

  constructor(images: number) {
    this.#bytes = new Float64Array(images).fill(unknown)
  }

  record(image: number, handle: ImageHandle): void {
    this.#bytes[image] = sizeOf(handle)
  }

  /** Bytes, unpacked; null where there are none. */
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
          // It has gone: the scan tells of it, and here it is one without a size.
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
