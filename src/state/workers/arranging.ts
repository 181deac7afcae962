/** @file A worker that arranges channels, for one task: it ends with that. */
import type { Arranger } from '../../engine/arranger.ts'
import type { Remote } from '../../rpc/remote.ts'
import { spawnArranger, type WorkerHandle } from './workers.ts'

/** The signal ends the worker. Throws `worker/died`. */
export async function withArranger<T>(
  signal: AbortSignal,
  work: (remote: Remote<Arranger>) => Promise<T>,
  spawn: () => WorkerHandle<Arranger> = spawnArranger,
): Promise<T> {
  const worker = spawn()
  const end = (): void => worker.terminate()
  signal.addEventListener('abort', end, { once: true })
  try {
    return await work(worker.remote)
  } finally {
    signal.removeEventListener('abort', end)
    end()
  }
}
