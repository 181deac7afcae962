/** @file Waiting for work that may never end. */
import { timers } from './timers.ts'

/** How long to wait, in ticks of a timer: `ticks.ts` says why not by the clock. One long tick is a plain timeout. */
export interface WaitLimit {
  readonly ticks: number
  readonly tickMs: number
}

/** The result of `work`, or null after so many ticks. What comes of it after that is dropped, failures too. */
export function waitAtMost<T>(
  work: Promise<T>,
  { ticks, tickMs }: WaitLimit,
): Promise<{ readonly result: T } | null> {
  return new Promise((resolve, reject) => {
    let passed = 0
    const timer = timers.setInterval(() => {
      if (++passed < ticks) return
      timers.clearInterval(timer)
      resolve(null)
    }, tickMs)
    work.finally(() => timers.clearInterval(timer)).then((result) => resolve({ result }), reject)
  })
}
