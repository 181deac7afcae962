/** @file Shares work out among all engines, beside what else they do. */
import { isClause } from '../../core/errors.ts'
import type { Engine } from '../../engine/engine.ts'
import type { Remote } from '../../rpc/remote.ts'
import type { EnginePool } from '../workers/enginePool.ts'

/** Milliseconds between two looks at whether a scan still runs. */
const waitMs = 100

/** Waits for as long as `isBusy`, so that a scan has the engines to itself. Throws what the signal was aborted with. */
export async function untilFree(isBusy: () => boolean, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted()
  while (isBusy()) {
    await new Promise((resolve) => setTimeout(resolve, waitMs))
    signal.throwIfAborted()
  }
}

/**
 * Gives each item to an engine, always to the same one of them, so that it finds what it has kept of the item. An engine that fails is
 * replaced, and does the item again, once. Rejects with the first error, when all engines have stopped.
 */
export async function acrossEngines<T>(
  pool: EnginePool,
  items: readonly T[],
  task: (engine: Remote<Engine>, item: T) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  const seats = pool.engines().length
  let isFailed = false
  const work = async (seat: number): Promise<void> => {
    for (let i = seat; i < items.length; i += seats) {
      for (let attempt = 0; ; attempt++) {
        if (isFailed) return
        signal.throwIfAborted()
        const engine = await pool.engines()[seat]!
        try {
          await task(engine, items[i]!)
          break
        } catch (error) {
          if (signal.aborted || isClause(error)) throw error
          pool.markBroken(engine)
          if (attempt > 0) throw error
        }
      }
    }
  }
  const all = await Promise.allSettled(
    Array.from({ length: seats }, (_, seat) =>
      work(seat).catch((error: unknown) => {
        isFailed = true
        throw error
      }),
    ),
  )
  signal.throwIfAborted()
  const failed = all.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
}
