/**
 * @file Work that may hang. Its time is counted in ticks of a timer, not by the clock: while the laptop sleeps or the
 * tab is frozen there are none, and a thread that is busy makes them up by one, so neither is taken for a decoder that hangs.
 */

export interface Patience {
  readonly ticks: number
  readonly tickMs: number
  /** How often it is begun, all in all. */
  readonly tries: number
}

/** What `begin` comes to, begun anew where that takes too long. `drop` gets what comes too late; throws `late()`. */
export async function inTicks<T>(
  begin: () => Promise<T>,
  { ticks, tickMs, tries }: Patience,
  drop: (result: T) => void,
  late: () => Error,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const work = begin()
    const done = await first(work, ticks, tickMs)
    if (done) return done.result
    work.then(drop, () => undefined)
    if (attempt === tries) throw late()
  }
}

/** Null after so many ticks. */
function first<T>(work: Promise<T>, ticks: number, tickMs: number): Promise<{ readonly result: T } | null> {
  return new Promise((resolve, reject) => {
    let passed = 0
    const timer = setInterval(() => {
      if (++passed < ticks) return
      clearInterval(timer)
      resolve(null)
    }, tickMs)
    work.then(
      (result) => {
        clearInterval(timer)
        resolve({ result })
      },
      (error: unknown) => {
        clearInterval(timer)
        reject(error)
      },
    )
  })
}
