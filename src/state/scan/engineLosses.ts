/** @file What is to be done when an engine fails in a scan: another one, or none, or the end of the scan. */
import { appError, codeOf, messageOf } from '../../core/errors.ts'

/**
 * Losses in a row, without a report in between, that each engine may have. An image that takes workers down costs four
 * (batch, batch again, alone, alone again) and each neighbour that does so, too, two more.
 */
const mostInARow = 6

/**
 * `replace` it; it must `leave` to the others what it cannot do; `exhausted`: replacing leads nowhere; `fail`: nothing is
 * wrong with the engine, but with what it was asked for.
 */
export type Verdict = 'replace' | 'leave' | 'exhausted' | 'fail'

/** Faults of workers; every other sentence of ours is about what they were asked for. */
const workersFault = /^(worker|backend)\//

export class EngineLosses {
  #seats: number
  #inARow = 0

  /** Of a scan of so many engines. */
  constructor(seats: number) {
    this.#seats = seats
  }

  /** `before`: of the same place. */
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

  /** A report has come in. */
  forget(): void {
    this.#inARow = 0
  }

  /** How many are left. */
  leaveOne(): number {
    return --this.#seats
  }

  whyNobodyIsLeft(error: unknown): unknown {
    // It names the layer and says what to do.
    if (codeOf(error) === 'backend/out-of-memory') return error
    return appError('scan/no-worker', { reason: messageOf(error) })
  }
}
