/** An engine on WASM in a worker of its own, one for all tests of a file or of a block. */
import { afterAll, beforeAll } from 'vitest'
import type { Engine } from '../../src/engine/engine.ts'
import { spawnEngine, type WorkerHandle } from '../../src/state/workers/workers.ts'

export function useWasmEngine(): Pick<WorkerHandle<Engine>, 'remote'> {
  let engine: WorkerHandle<Engine>
  beforeAll(async () => {
    engine = spawnEngine()
    await engine.remote.start('wasm')
  })
  afterAll(() => engine.terminate())
  return {
    get remote() {
      return engine.remote
    },
  }
}
