/** @file Does what nobody waits for, while nothing else goes on. */
import { timers } from '../../core/timing/timers.ts'

const tickMs = 250
/** So many ticks in a row must have been quiet before a task begins: two seconds, as what follows a click has begun by then. */
const quietTicks = 8

export class WhenQuiet {
  readonly #isQuiet: () => boolean
  #ticks = 0
  #running: AbortController | null = null

  constructor(isQuiet: () => boolean) {
    this.#isQuiet = isQuiet
  }

  /**
   * Something else begins: ends the task that is under way, at once. It is done again from the start when all is quiet.
   */
  interrupt(): void {
    this.#ticks = 0
    this.#running?.abort()
    this.#running = null
  }

  /**
   * Resolves to what the task does in the end, or to null once `signal` is aborted. The task must end when its own signal is
   * aborted, and what it resolves to then is not used. One at a time.
   */
  do<T>(task: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T | null> {
    return new Promise((resolve, reject) => {
      const settle = (done: () => void): void => {
        timers.clearInterval(timer)
        signal.removeEventListener('abort', giveUp)
        this.#running = null
        this.#ticks = 0
        done()
      }
      const giveUp = (): void => {
        this.interrupt()
        settle(() => resolve(null))
      }
      const timer = timers.setInterval(() => {
        if (!this.#isQuiet()) return this.interrupt()
        this.#ticks++
        if (this.#running || this.#ticks < quietTicks) return
        const run = new AbortController()
        this.#running = run
        task(run.signal).then(
          (value) => run.signal.aborted || settle(() => resolve(value)),
          (error: unknown) => run.signal.aborted || settle(() => reject(error as Error)),
        )
      }, tickMs)
      signal.addEventListener('abort', giveUp)
    })
  }
}
