/** @file How fast a scan goes and how long it will take, from the last seconds rather than from the start. */

/** The time that the pace is taken from: long enough to smooth batches, short enough to follow a machine that gets busy. */
const windowMs = 8000

export class Pace {
  readonly #ticks: { readonly time: number; readonly done: number }[] = []

  /** Notes that `done` images are finished at `time` (milliseconds). */
  tick(time: number, done: number): void {
    this.#ticks.push({ time, done })
    while (this.#ticks.length > 2 && time - this.#ticks[0]!.time > windowMs) this.#ticks.shift()
  }

  /** Forgets the past, as after a pause. */
  reset(): void {
    this.#ticks.length = 0
  }

  /** Is null until two batches have come in. */
  get imagesPerSecond(): number | null {
    const first = this.#ticks[0]
    const last = this.#ticks.at(-1)
    if (!first || !last || last.time <= first.time || last.done <= first.done) return null
    return ((last.done - first.done) / (last.time - first.time)) * 1000
  }
}

/** Measures the time that a scan has been under way, pauses left out. All times are in milliseconds. */
export class Stopwatch {
  #elapsed = 0
  #since: number | null

  constructor(now: number) {
    this.#since = now
  }

  pause(now: number): void {
    this.#elapsed = this.elapsed(now)
    this.#since = null
  }

  resume(now: number): void {
    this.#since ??= now
  }

  elapsed(now: number): number {
    return this.#elapsed + (this.#since === null ? 0 : now - this.#since)
  }
}
