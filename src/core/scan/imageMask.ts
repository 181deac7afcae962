/** @file Which images have been through: one bit each. */

export class ImageMask {
  /** How many are in it. */
  count = 0
  readonly #bits: Uint32Array

  constructor(images: number) {
    this.#bits = new Uint32Array(Math.ceil(images / 32))
  }

  has(image: number): boolean {
    return (this.#bits[image >>> 5]! & (1 << (image & 31))) !== 0
  }

  add(image: number): void {
    if (this.has(image)) return
    this.#bits[image >>> 5]! |= 1 << (image & 31)
    this.count++
  }
}
