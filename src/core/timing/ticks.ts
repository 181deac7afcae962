/**
 * @file Finds what is waited for too long. Waiting is counted in ticks of a timer, not by the clock: while a laptop sleeps
 * there are none, a hidden tab has few, and a thread that is busy makes them up by one. None of these is taken for
 * something that hangs.
 */
import { timers } from './timers.ts'

export interface TickLimits {
  readonly tickMs: number
  /** An answer may take this many times as long as the longest one so far. */
  readonly timesLongest: number
}

interface Entry {
  ticks: number
  readonly leastTicks: number
  readonly onLate: (ticks: number) => void
}

export class TickWatch {
  readonly #limits: TickLimits
  readonly #onTick: () => void
  readonly #entries = new Map<object, Entry>()
  /** Ticks of the longest answer so far. */
  #longest = 0
  #timer: unknown = null

  /** `onTick` is called at each tick before anything is given up. */
  constructor(limits: TickLimits, onTick: () => void = () => undefined) {
    this.#limits = limits
    this.#onTick = onTick
  }

  /** Waits for an answer of `key`. If it is late, it is forgotten, and `onLate` gets the ticks that it was waited for. */
  watch(key: object, leastTicks: number, onLate: (ticks: number) => void): void {
    this.#entries.set(key, { ticks: 0, leastTicks, onLate })
    this.#timer ??= timers.setInterval(() => this.#tick(), this.#limits.tickMs)
  }

  /** An answer has come in, and the next one is waited for anew. Nothing happens if `key` is not watched. */
  heard(key: object): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#longest = Math.max(this.#longest, entry.ticks)
    entry.ticks = 0
  }

  /** Nothing more is expected of `key`. */
  forget(key: object): void {
    this.#entries.delete(key)
    if (this.#entries.size === 0) this.forgetAll()
  }

  forgetAll(): void {
    this.#entries.clear()
    if (this.#timer !== null) timers.clearInterval(this.#timer)
    this.#timer = null
  }

  #tick(): void {
    this.#onTick()
    for (const [key, entry] of this.#entries) {
      entry.ticks++
      if (entry.ticks < Math.max(entry.leastTicks, this.#limits.timesLongest * this.#longest)) continue
      this.forget(key)
      entry.onLate(entry.ticks)
    }
  }
}
