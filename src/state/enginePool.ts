/**
 * @file The engines of a scan: one on a graphics card; several side by side on WASM, each with its own network,
 * because that scales with cores on any static host (threads would need special headers).
 */
import type { BackendChoice, BackendReport } from '../engine/backend.ts'
import type { Engine, ModelDescription } from '../engine/engine.ts'
import type { OpenOptions } from '../engine/model/formats/format.ts'
import type { ModelFile } from '../engine/model/formats/modelFiles.ts'
import type { Remote } from '../rpc/remote.ts'
import type { WorkerHandle } from './workers.ts'

/** More workers than this gain nothing on today's machines but cost a network each. */
const maxWorkers = 8
/** What all copies of the weights together may take. */
const weightsBudget = 1.5e9

/** What an engine needs to open a model. */
export interface ModelSource extends OpenOptions {
  /** The main one first. */
  readonly files: readonly ModelFile[]
}

export class EnginePool {
  readonly #spawn: () => WorkerHandle<Engine>
  readonly #cores: number
  #engines: Promise<WorkerHandle<Engine>>[] = []
  #handles: WorkerHandle<Engine>[] = []
  #source: ModelSource | null = null
  #choice: BackendChoice = 'auto'
  #weightBytes = 0
  #broken = false
  #attempts = 0

  constructor(spawn: () => WorkerHandle<Engine>, cores: number) {
    this.#spawn = spawn
    this.#cores = cores
  }

  /**
   * Starts a first engine and opens the model in it. The engines before stay in charge until that has worked and
   * `accept` has not thrown; of several models opened at a time the one asked for last stays.
   * Throws `backend/unavailable`, `model/…` and what `accept` throws.
   */
  async open(
    source: ModelSource,
    choice: BackendChoice,
    accept: (model: ModelDescription) => void = () => undefined,
  ): Promise<{ backend: BackendReport; model: ModelDescription }> {
    const attempt = ++this.#attempts
    const handle = this.#spawn()
    try {
      const backend = await handle.remote.start(choice)
      const model = await handle.remote.openModel(source.files, { inputSize: source.inputSize })
      accept(model)
      if (attempt !== this.#attempts)
        throw new Error(`${source.files[0]?.path} was not opened: another model was, meanwhile.`)
      this.close()
      this.#source = source
      this.#choice = backend.name
      this.#broken = false
      this.#weightBytes = 4 * model.parameters.reduce((sum, count) => sum + count, 0)
      this.#handles = [handle]
      this.#engines = [Promise.resolve(handle)]
      if (backend.name === 'wasm') this.#addWorkers()
      return { backend, model }
    } catch (error) {
      handle.terminate()
      throw error
    }
  }

  /** How many engines a scan will use. */
  get size(): number {
    return this.#engines.length
  }

  /**
   * All engines, each as soon as it is ready; the first one is. One that cannot start rejects. Engines that were
   * marked broken are replaced first, with the model they had.
   */
  async engines(): Promise<Promise<Remote<Engine>>[]> {
    if (this.#broken && this.#source) await this.open(this.#source, this.#choice)
    return this.#engines.map(async (handle) => (await handle).remote)
  }

  /** An engine has failed: the next scan starts with new ones. */
  markBroken(): void {
    this.#broken = true
  }

  close(): void {
    for (const handle of this.#handles) handle.terminate()
    this.#handles = []
    this.#engines = []
    this.#source = null
  }

  #addWorkers(): void {
    const affordable = Math.floor(weightsBudget / Math.max(1, this.#weightBytes))
    const workers = Math.max(1, Math.min(this.#cores, maxWorkers, affordable))
    const { files, inputSize } = this.#source!
    for (let i = 1; i < workers; i++) {
      const handle = this.#spawn()
      this.#handles.push(handle)
      const ready = handle.remote
        .start('wasm')
        .then(() => handle.remote.openModel(files, { inputSize }))
        .then(() => handle)
      // Told when a scan asks for it; until then it is nobody's error.
      ready.catch(() => undefined)
      this.#engines.push(ready)
    }
  }
}
