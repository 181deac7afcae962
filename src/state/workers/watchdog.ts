/**
 * @file Finds a worker that is blocked for ever. This is a backstop: a read-back that never settles is found inside the
 * worker, and a worker that ends by its life lock. What is left is a thread that neither works nor ends.
 */
import { TickWatch } from '../../core/timing/ticks.ts'

const tickMs = 1000
/** Every worker is waited for so long, and this many times as long as the longest answer so far. */
const leastTicks = 120
const timesLongest = 20
/** To start a worker, open its model and warm it up: graphics drivers may compile for a minute. */
const preparationTicks = 600

export class Watchdog {
  readonly #ticks = new TickWatch({ tickMs, timesLongest })

  /** Waits to hear of `key`; `onHang` is called once, with the seconds that it was waited for. */
  watch(key: object, onHang: (seconds: number) => void, least = leastTicks): void {
    this.#ticks.watch(key, least, onHang)
  }

  /** An answer has come in, and the next one is waited for anew. Nothing happens if `key` is not watched. */
  heard(key: object): void {
    this.#ticks.heard(key)
  }

  /** Nothing more is expected of `key`. */
  forget(key: object): void {
    this.#ticks.forget(key)
  }

  /**
   * The result of `promise`, the preparation of a worker; rejects with `hung` if it does not settle. The time that it
   * takes says how long an answer may take, as it ends with a pass.
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
}
