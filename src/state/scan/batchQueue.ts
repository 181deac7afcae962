/**
 * @file Which images are still to be handed out, in batches. Batches of a lost engine come first. If a batch is lost again
 * and again, each of its images is scanned alone, which finds the one that takes its worker down.
 */

export interface Batch {
  readonly images: Uint32Array
  /** The number of engines that were lost with it. */
  readonly failures: number
  /** It is one image that may take workers down. Its engine gets nothing else, so that no other image is blamed. */
  readonly isSuspect: boolean
}

/**
 * Near the end a batch is a third of (images left / engines), but at least a quarter of a pass, so that all engines finish
 * together.
 */
const partOfShare = 1 / 3
const leastOfPass = 1 / 4

/** After so many losses each image of a batch is scanned alone. */
const mostFailures = 2

export class BatchQueue {
  readonly #order: Uint32Array
  readonly #again: Batch[] = []
  #next = 0

  /** `order`: image numbers in scanning order. */
  constructor(order: Uint32Array) {
    this.#order = order
  }

  get isEmpty(): boolean {
    return this.#again.length === 0 && this.#next >= this.#order.length
  }

  /**
   * The next batch for one of `engines` engines, which has the batches `inHand` and takes `passSize` images in a pass; null
   * if there is nothing for it now.
   */
  take(passSize: number, inHand: readonly Batch[], engines: number): Batch | null {
    if (inHand.some(({ isSuspect }) => isSuspect)) return null
    const [first] = this.#again
    if (first) {
      if (first.isSuspect && inHand.length > 0) return null
      this.#again.shift()
      return first
    }
    const left = this.#order.length - this.#next
    if (left === 0) return null
    // One engine alone waits for no other, and may be on a graphics card, where a pass of fewer images takes as long.
    const shared =
      engines > 1 ? Math.ceil(Math.max(leastOfPass * passSize, (left / engines) * partOfShare)) : left
    const images = this.#order.subarray(this.#next, this.#next + Math.min(passSize, shared))
    this.#next += images.length
    return { images, failures: 0, isSuspect: false }
  }

  /**
   * Takes back the batches that an engine had in hand when it was lost; `isBlamed`: one of their images may be why. Returns
   * the images that are given up.
   */
  takeBack(batches: readonly Batch[], isBlamed: boolean): number[] {
    const givenUp: number[] = []
    const again: Batch[] = []
    for (const batch of batches) {
      const failures = batch.failures + (isBlamed ? 1 : 0)
      if (failures < mostFailures) again.push({ ...batch, failures })
      else if (batch.isSuspect) givenUp.push(...batch.images)
      else
        for (const image of batch.images)
          again.push({ images: Uint32Array.of(image), failures: 0, isSuspect: true })
    }
    this.#again.unshift(...again)
    return givenUp
  }
}
