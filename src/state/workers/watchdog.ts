/**
 * @file Finds a worker that is blocked for ever. A backstop: a read-back that never settles is found inside the
 * worker, and one that ends by its life lock; what is left is a thread that neither works nor ends.
 */

const tickMs = 1000
/** Ticks that are always waited for, and how often the longest answer so far. */
const leastTicks = 120
const timesLongest = 20
/** To start a worker, open its model and warm it up: graphics drivers may compile for a minute. */
const preparationTicks = 600

interface Watched {
  ticks: number
  readonly least: number
  readonly onHang: (seconds: number) => void
}

/**
 * Waiting is counted in ticks of a timer, not by the clock: while the laptop sleeps there are none, and a hidden tab has
 * few of them, so that neither is taken for a worker that hangs.
 */
export class Watchdog {
  readonly #watched = new Map<object, Watched>()
  #longest = 0
  #timer: ReturnType<typeof setInterval> | undefined

  /** Waits for this one to be heard; `onHang` is called once, with the ticks that it was waited for. */
  watch(key: object, onHang: (seconds: number) => void, least = leastTicks): void {
    this.#watched.set(key, { ticks: 0, least, onHang })
    this.#timer ??= setInterval(() => this.#tick(), tickMs)
  }

  /** An answer has come in; the next one is waited for anew. Nothing happens where nobody waits. */
  heard(key: object): void {
    const entry = this.#watched.get(key)
    if (!entry) return
    this.#longest = Math.max(this.#longest, entry.ticks)
    entry.ticks = 0
  }

  /** Nothing more is expected of this one. */
  forget(key: object): void {
    this.#watched.delete(key)
    if (this.#watched.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /**
   * What `promise`, the preparation of a worker, comes to; rejects with `hung` where it does not settle. How long it
   * takes says how long an answer may take: it ends with a pass over a batch.
   */
  guard<T>(promise: Promise<T>, hung: (seconds: number) => Error): Promise<T> {
    const key = {}
    return new Promise<T>((resolve, reject) => {
      this.watch(key, (seconds) => reject(hung(seconds)), preparationTicks)
      promise
        .finally(() => {
          this.heard(key)
          this.forget(key)
        })
        .then(resolve, reject)
    })
  }

  #tick(): void {
    for (const [key, entry] of this.#watched) {
      entry.ticks++
      if (entry.ticks < Math.max(entry.least, timesLongest * this.#longest)) continue
      this.forget(key)
      entry.onHang(entry.ticks)
    }
  }
}
