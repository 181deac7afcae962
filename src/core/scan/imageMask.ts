/** @file Which images have been through: one bit each. */

export class ImageMask {
  /** The number of images in it. */
  count = 0
  readonly #bits: Uint32Array

  constructor(images: number) {
    this.#bits = new Uint32Array(Math.ceil(images / 32))
  }

  has(image: number): boolean {
    return (this.#bits[image >>> 5]! & (1 << (image & 31))) !== 0
  }

  /** A copy of the bits, to be stored: image i is bit i mod 32 of word i div 32. */
  snapshot(): Uint32Array {
    return this.#bits.slice()
  }

  /** Fills an empty mask of as many images. Throws `RangeError` if the snapshot is of another number. */
  restore(words: Uint32Array): void {
    if (words.length !== this.#bits.length)
      throw new RangeError(`a snapshot of ${words.length} words for ${this.#bits.length}`)
    this.#bits.set(words)
    this.count = words.reduce((sum, word) => sum + bitCount(word), 0)
  }

  add(image: number): void {
    if (this.has(image)) return
    this.#bits[image >>> 5]! |= 1 << (image & 31)
    this.count++
  }
}

function bitCount(word: number): number {
  let count = 0
  for (let left = word; left !== 0; left &= left - 1) count++
  return count
}
