/** @file Does work that may hang, and begins it again if it does. */
import { waitAtMost, type WaitLimit } from '../../core/timing/waitAtMost.ts'

export interface Attempts extends WaitLimit {
  /** How often the work is begun at most. */
  readonly tries: number
}

/**
 * The result of `begin`, which is called again if it takes too long. `drop` gets results that come too late; throws
 * `late()`.
 */
export async function inTicks<T>(
  begin: () => Promise<T>,
  { tries, ...limit }: Attempts,
  drop: (result: T) => void,
  late: () => Error,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const work = begin()
    const done = await waitAtMost(work, limit)
    if (done) return done.result
    work.then(drop, () => undefined)
    if (attempt === tries) throw late()
  }
}
