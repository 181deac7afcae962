/**
 * @file Which images are still to be handed out, in batches. Those of a lost engine come first; where that happens
 * again and again, the image that takes its worker down is found by scanning each alone.
 */

export interface Batch {
  readonly images: Uint32Array
  /** How many engines were lost with it. */
  readonly failures: number
  /** One image that may be what takes workers down: its engine has nothing else in hand, so that nobody else is blamed. */
  readonly isSuspect: boolean
}

/**
 * Towards the end batches become smaller, so that engines side by side end together: so small a part of an engine's
 * share of what is left, as some batches are in its hands already, but not less than this part of a pass.
 */
const partOfShare = 1 / 3
const leastOfPass = 1 / 4

/** So often a batch may be lost before it is looked at closely. */
const mostFailures = 2

export class BatchQueue {
  readonly #order: Uint32Array
  readonly #again: Batch[] = []
  #next = 0

  /** Image numbers in scanning order. */
  constructor(order: Uint32Array) {
    this.#order = order
  }

  get isEmpty(): boolean {
    return this.#again.length === 0 && this.#next >= this.#order.length
  }

  /**
   * For one of so many engines, that has these in hand and takes so many images a pass; null where there is nothing for
   * it now.
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
    // One alone has nobody to wait for, and may be on a graphics card, where a pass of fewer images takes as long.
    const shared =
      engines > 1 ? Math.ceil(Math.max(leastOfPass * passSize, (left / engines) * partOfShare)) : left
    const images = this.#order.subarray(this.#next, this.#next + Math.min(passSize, shared))
    this.#next += images.length
    return { images, failures: 0, isSuspect: false }
  }

  /**
   * What an engine had in hand when it was lost; `isBlamed`: one of these images may be why. Returns the images that
   * are given up.
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
