/** @file Decides what to do when an engine fails in a scan: replace it, go on without it, or end the scan. */
import { appError, codeOf, messageOf } from '../../core/errors.ts'

/**
 * The number of losses in a row, without a report in between, that are allowed for each engine. An image that takes workers
 * down costs four (its batch, the batch again, alone, alone again), and each neighbour that does so as well two more.
 */
const mostInARow = 6

/**
 * `replace`: another engine takes its seat. `leave`: the others do what it cannot. `exhausted`: replacing leads nowhere.
 * `fail`: nothing is wrong with the engine, but with what it was asked for.
 */
export type Verdict = 'replace' | 'leave' | 'exhausted' | 'fail'

/** The codes of faults of workers. Every other error of ours is about what they were asked for. */
const workersFault = /^(worker|backend)\//

export class EngineLosses {
  #seats: number
  #inARow = 0

  /** `seats` is the number of engines of the scan. */
  constructor(seats: number) {
    this.#seats = seats
  }

  /** `before` is kept for each seat: whether an engine there has run out of memory before. */
  judge(error: unknown, before: { outOfMemory: boolean }): Verdict {
    const code = codeOf(error)
    if (code !== null && !workersFault.test(code)) return 'fail'
    if (code === 'backend/out-of-memory') {
      // The engine has tried smaller passes; a fresh one has a fresh heap, and the others need less without it.
      if (before.outOfMemory) return 'leave'
      before.outOfMemory = true
      return 'replace'
    }
    return ++this.#inARow > mostInARow * this.#seats ? 'exhausted' : 'replace'
  }

  /** A report has come in, so replacing engines leads somewhere. */
  forget(): void {
    this.#inARow = 0
  }

  /** Returns how many engines are left. */
  leaveOne(): number {
    return --this.#seats
  }

  /** Why the scan fails, after this error of its last engine. */
  whyNoneIsLeft(error: unknown): unknown {
    // That error names the layer and says what to do.
    if (codeOf(error) === 'backend/out-of-memory') return error
    return appError('scan/no-worker', { reason: messageOf(error) })
  }
}
