/**
 * @file The engines of a scan: one on a graphics card; several side by side on WASM, each with its own network,
 * because that scales with cores on any static host (threads would need special headers).
 */
import { isClause } from '../../core/errors.ts'
import { weightsBytes } from '../../core/estimates.ts'
import type { BackendChoice, BackendReport } from '../../engine/backend/chooseBackend.ts'
import type { Engine, ModelDescription } from '../../engine/engine.ts'
import type { OpenOptions } from '../../engine/model/formats/format.ts'
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import type { Remote } from '../../rpc/remote.ts'
import { Latest } from '../timing/latest.ts'
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

/** One engine's place: whoever sits there now. */
class Seat {
  handle: WorkerHandle<Engine>
  ready: Promise<WorkerHandle<Engine>>
  /** It could not start, or something went wrong with it. */
  isBroken = false
  /** Who sits or sat there. */
  readonly #known = new WeakSet<Remote<Engine>>()

  constructor(handle: WorkerHandle<Engine>, opening: Promise<unknown>) {
    this.handle = handle
    this.ready = this.#watch(handle, opening)
  }

  /** Whoever sat there is ended. */
  fill(handle: WorkerHandle<Engine>, opening: Promise<unknown>): void {
    this.handle.terminate()
    this.handle = handle
    this.isBroken = false
    this.ready = this.#watch(handle, opening)
  }

  knows(remote: Remote<Engine>): boolean {
    return this.#known.has(remote)
  }

  get mustBeFilled(): boolean {
    return this.isBroken || !this.handle.isAlive()
  }

  #watch(handle: WorkerHandle<Engine>, opening: Promise<unknown>): Promise<WorkerHandle<Engine>> {
    this.#known.add(handle.remote)
    const ready = opening.then(
      () => handle,
      (error: unknown) => {
        handle.terminate()
        if (this.handle === handle) this.isBroken = true
        throw error
      },
    )
    // Told when a scan asks for it; until then it is nobody's error.
    ready.catch(() => undefined)
    return ready
  }
}

/** Waits between the attempts to replace an engine, in milliseconds: a graphics process takes a while to come back. */
const patience = [1000, 4000]

/** May refuse a model by throwing, also after it has asked the engine that has opened it. */
export type Accept = (
  model: ModelDescription,
  engine: Remote<Engine>,
  backend: BackendReport,
) => void | Promise<void>

export class EnginePool {
  readonly #spawn: () => WorkerHandle<Engine>
  readonly #cores: number
  #seats: Seat[] = []
  #source: ModelSource | null = null
  #choice: BackendChoice = 'auto'
  #weightBytes = 0
  readonly #attempts = new Latest()

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
    accept: Accept = () => undefined,
  ): Promise<{ backend: BackendReport; model: ModelDescription }> {
    const attempt = this.#attempts.begin()
    const handle = this.#spawn()
    try {
      const backend = await handle.remote.start(choice)
      const model = await handle.remote.openModel(source.files, { inputSize: source.inputSize })
      await accept(model, handle.remote, backend)
      if (attempt.aborted)
        throw new Error(`${source.files[0]?.path} was not opened: another model was, meanwhile.`)
      this.close()
      this.#source = source
      this.#choice = backend.name
      this.#weightBytes = weightsBytes(model.parameters)
      this.#seats = [new Seat(handle, Promise.resolve())]
      if (backend.name === 'wasm') this.#addWorkers()
      return { backend, model }
    } catch (error) {
      handle.terminate()
      throw error
    }
  }

  /** How many engines a scan will use. */
  get size(): number {
    return this.#seats.length
  }

  /**
   * All engines, each as soon as it is ready; one that cannot start rejects. Those that have died, could not start or
   * were marked broken are replaced, with the model they had on the backend they had.
   */
  engines(): Promise<Remote<Engine>>[] {
    for (const seat of this.#seats) if (seat.mustBeFilled) seat.fill(...this.#start())
    return this.#seats.map(async ({ ready }) => (await ready).remote)
  }

  /**
   * Runs a task on the first engine, also beside a scan. If it fails, that engine is replaced when engines are asked for
   * next, unless `isScanned` says that a scan is under way: a scan finds out by itself what is wrong with its engines, and
   * they must not be replaced below it. An error about an image is no fault of the engine.
   */
  async borrow<T>(task: (engine: Remote<Engine>) => Promise<T>, isScanned: () => boolean): Promise<T> {
    const engine = await this.engines()[0]!
    try {
      return await task(engine)
    } catch (error) {
      if (!isClause(error) && !isScanned()) this.markBroken(engine)
      throw error
    }
  }

  /**
   * Ends an engine and starts another one in its place. Rejects where that cannot start though it was tried again, or
   * another model was opened.
   */
  async replace(lost: Remote<Engine>): Promise<Remote<Engine>> {
    const seat = this.#seats.find((one) => one.knows(lost))
    for (let attempt = 0; ; attempt++) {
      if (!seat || !this.#seats.includes(seat)) throw new Error('another model is being opened')
      // Somebody else may have asked for it meanwhile.
      if (seat.handle.remote === lost || seat.mustBeFilled) seat.fill(...this.#start())
      try {
        return (await seat.ready).remote
      } catch (error) {
        const wait = patience[attempt]
        if (wait === undefined) throw error
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
  }

  /** Something went wrong with this engine, or with any of them: replaced when engines are asked for next. */
  markBroken(engine?: Remote<Engine>): void {
    for (const seat of this.#seats) if (!engine || seat.handle.remote === engine) seat.isBroken = true
  }

  close(): void {
    for (const { handle } of this.#seats) handle.terminate()
    this.#seats = []
    this.#source = null
  }

  #addWorkers(): void {
    const affordable = Math.floor(weightsBudget / Math.max(1, this.#weightBytes))
    const workers = Math.max(1, Math.min(this.#cores, maxWorkers, affordable))
    while (this.#seats.length < workers) this.#seats.push(new Seat(...this.#start()))
  }

  #start(): [WorkerHandle<Engine>, Promise<unknown>] {
    const { files, inputSize } = this.#source!
    const handle = this.#spawn()
    const { remote } = handle
    return [handle, remote.start(this.#choice).then(() => remote.openModel(files, { inputSize }))]
  }
}
