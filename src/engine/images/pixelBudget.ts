/** @file Limits the pixels that are decoded at a time, so that memory stays bounded whatever the pictures' sizes. */
import { inTurn } from '../../core/timing/inTurn.ts'

/** As RGBA this is 64 MB for the bitmap, and as much again while the bitmap is read. */
const maxPixelsInFlight = 16e6
const largeLock = 'urpatch-large-picture'

interface Waiting {
  readonly pixels: number
  readonly start: () => void
}

/**
 * Pictures up to the limit are decoded as many at a time as fit together; small ones overtake one that does not fit
 * yet. A larger picture does not count towards the limit: one at a time is decoded in all workers of all pages, beside
 * small ones. Where the page has no locks, it is one at a time in each worker.
 */
export class PixelBudget {
  readonly #limit: number
  readonly #waiting = new Set<Waiting>()
  readonly #oneByOne = inTurn()
  #inFlight = 0

  constructor(limit = maxPixelsInFlight) {
    this.#limit = limit
  }

  async run<T>(pixels: number, action: () => Promise<T>): Promise<T> {
    if (pixels > this.#limit) return this.#alone(action)
    await new Promise<void>((start) => {
      this.#waiting.add({ pixels, start })
      this.#startWaiting()
    })
    try {
      return await action()
    } finally {
      this.#inFlight -= pixels
      this.#startWaiting()
    }
  }

  async #alone<T>(action: () => Promise<T>): Promise<T> {
    // Plain http has no locks.
    const locks = (navigator as Partial<WorkerNavigator>).locks
    if (!locks) return this.#oneByOne(action)
    let isGranted = false
    try {
      return await locks.request(largeLock, () => {
        isGranted = true
        return action()
      })
    } catch (error) {
      if (isGranted) throw error
      // The browser refuses locks where it stores nothing for the page.
      return this.#oneByOne(action)
    }
  }

  #startWaiting(): void {
    for (const waiting of this.#waiting) {
      if (this.#inFlight + waiting.pixels > this.#limit) continue
      this.#waiting.delete(waiting)
      this.#inFlight += waiting.pixels
      waiting.start()
    }
  }
}
