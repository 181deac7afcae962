/** @file How many pixels are decoded at a time, so that memory stays bounded whatever the pictures' sizes. */

/** 64 MB of RGBA as a bitmap, and as much again while it is read. */
const maxPixelsInFlight = 16e6
const largeLock = 'urpatch-large-picture'

interface Waiting {
  readonly pixels: number
  readonly start: () => void
}

/**
 * Of pictures up to the limit as many as fit together; small ones overtake one that doesn't fit yet. A larger picture
 * counts by itself: one at a time in all workers of all pages, while small ones go on.
 */
export class PixelBudget {
  readonly #limit: number
  readonly #waiting = new Set<Waiting>()
  #inFlight = 0

  constructor(limit = maxPixelsInFlight) {
    this.#limit = limit
  }

  async run<T>(pixels: number, action: () => Promise<T>): Promise<T> {
    if (pixels > this.#limit) return navigator.locks.request(largeLock, action)
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

  #startWaiting(): void {
    for (const waiting of this.#waiting) {
      if (this.#inFlight + waiting.pixels > this.#limit) continue
      this.#waiting.delete(waiting)
      this.#inFlight += waiting.pixels
      waiting.start()
    }
  }
}
