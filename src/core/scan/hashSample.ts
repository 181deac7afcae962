/**
 * @file Which images are in a sample of a fixed size: those with the smallest hash of their number, so that it is as good as
 * drawn by lot (bottom-k sampling: E. Cohen, "Size-Estimation Framework", 1997) and yet the same in whatever order images come.
 * Of two samples of the same images, the smaller one is a part of the larger.
 */

/** The finalizer of MurmurHash3 (A. Appleby), one to one on 32 bits: no two images have the same hash. */
export function hashOfImage(image: number): number {
  let h = image
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}

export interface SampledImage {
  readonly image: number
  readonly hash: number
  /** The row that holds what is kept of the image: below the sample's size, and its own as long as it is in the sample. */
  readonly slot: number
}

export class HashSample {
  readonly size: number
  readonly #rows: SampledImage[] = []

  constructor(size: number) {
    this.size = size
  }

  /** The images in the sample, by hash. */
  get rows(): readonly SampledImage[] {
    return this.#rows
  }

  /**
   * Takes an image into the sample, in the place of another one if the sample is full. Returns the image's slot; null if the
   * image is not in the sample.
   */
  take(image: number): number | null {
    const rows = this.#rows
    const hash = hashOfImage(image)
    const full = rows.length === this.size
    if (full && hash >= rows.at(-1)!.hash) return null
    const slot = full ? rows.pop()!.slot : rows.length
    const rank = rows.findIndex((row) => row.hash > hash)
    rows.splice(rank < 0 ? rows.length : rank, 0, { image, hash, slot })
    return slot
  }
}
