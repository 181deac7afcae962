/**
 * @file The engines of a scan. On a graphics card there is one; on WASM several work side by side, each with its own
 * network, because that scales with cores on any static host (threads would need special headers).
 */
import { appError, isClause } from '../../core/errors.ts'
import { weightsBytes } from '../../core/estimates.ts'
import { type BackendChoice, choiceOf } from '../../core/backendNames.ts'
import { bytesOf } from '../../core/model/fitsMemory.ts'
import type { Fields } from '../../core/model/receptiveField.ts'
import { waitAtMost } from '../../core/timing/waitAtMost.ts'
import type { BackendReport } from '../../engine/backend/chooseBackend.ts'
import type { Engine, ModelDescription } from '../../engine/engine.ts'
import type { OpenOptions } from '../../engine/model/formats/format.ts'
import type { ModelFile } from '../../engine/model/formats/modelFiles.ts'
import type { Remote } from '../../rpc/remote.ts'
import { Latest } from '../timing/latest.ts'
import type { WorkerHandle } from './workers.ts'

/** More workers gain nothing on today's machines, and each costs a network. */
const maxWorkers = 8
/** The bytes that all engines together may take for their copies of the weights, and for the images that each has in hand. */
const budget = 1.5e9
/** Images that an engine has in hand: a pass, and the batches before it. */
const imagesInHand = 4

/** All that an engine needs to open a model. */
export interface ModelSource extends OpenOptions {
  /** The main one first. */
  readonly files: readonly ModelFile[]
}

/** A place for one engine. When an engine is lost, another one takes its seat. */
class Seat {
  handle: WorkerHandle<Engine>
  ready: Promise<WorkerHandle<Engine>>
  /** The engine could not start, or something went wrong with it. */
  isBroken = false
  /** The engines that have had this seat. */
  readonly #known = new WeakSet<Remote<Engine>>()

  constructor(handle: WorkerHandle<Engine>, opening: Promise<unknown>) {
    this.handle = handle
    this.ready = this.#watch(handle, opening)
  }

  /** Ends the engine that has the seat. */
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
    // The error is reported when a scan asks for this engine.
    ready.catch(() => undefined)
    return ready
  }
}

/**
 * Seconds that a model of no size may take to be read, and those for each megabyte of it. A file that was made to, or is
 * damaged, may hold an engine for ever.
 */
const opening = { seconds: 30, secondsPerMegabyte: 0.5 } as const
/** Seconds for a user who wants to wait. */
const patience = 3600

/** Milliseconds between the attempts to replace an engine: a graphics process takes a while to come back. */
const retryDelays = [1000, 4000]

/** Refuses a model by throwing; it may ask the engine that has opened it before. */
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
  /** What a further engine takes. */
  #engineBytes = 0
  /** The engine that reads a model which is not open yet. */
  #opening: WorkerHandle<Engine> | null = null
  readonly #attempts = new Latest()

  constructor(spawn: () => WorkerHandle<Engine>, cores: number) {
    this.#spawn = spawn
    this.#cores = cores
  }

  /**
   * Starts a first engine and opens the model in it. The engines before stay in charge until that has worked and
   * `accept` has not thrown. If several models are opened at a time, the last one counts, and the engines of the others
   * end at once. Throws `backend/unavailable`, `model/…` and the errors of `accept`; `model/too-slow` only if the user is
   * not `patient`.
   */
  async open(
    source: ModelSource,
    choice: BackendChoice,
    accept: Accept = () => undefined,
    patient = false,
  ): Promise<{ backend: BackendReport; model: ModelDescription; fields: Fields }> {
    const attempt = this.#attempts.begin()
    const refuseOvertaken = (): void => {
      if (attempt.aborted)
        throw new Error(`${source.files[0]?.path} was not opened: another model was, meanwhile.`)
    }
    const handle = this.#spawn()
    // It may be stuck with its model.
    this.#opening?.terminate()
    this.#opening = handle
    try {
      const backend = await handle.remote.start(choice)
      const { model, fields } = await read(handle.remote, source, patient)
      await accept(model, handle.remote, backend)
      refuseOvertaken()
      this.close()
      this.#source = source
      this.#choice = choiceOf(backend)
      this.#engineBytes = weightsBytes(model.parameters) + imagesInHand * bytesOf(model.network.inputShape)
      this.#seats = [new Seat(handle, Promise.resolve())]
      if (backend.name === 'wasm') this.#addWorkers()
      return { backend, model, fields }
    } catch (error) {
      handle.terminate()
      refuseOvertaken()
      throw error
    } finally {
      if (this.#opening === handle) this.#opening = null
    }
  }

  /** The number of engines that a scan will use. */
  get size(): number {
    return this.#seats.length
  }

  /**
   * All engines, each as soon as it is ready; an engine that cannot start rejects. Engines that have died, could not start
   * or were marked broken are replaced, with the same model on the same backend.
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
   * Ends an engine and starts another one in its seat. Rejects if that cannot start after several attempts, or if another
   * model was opened.
   */
  async replace(lost: Remote<Engine>): Promise<Remote<Engine>> {
    const seat = this.#seats.find((one) => one.knows(lost))
    for (let attempt = 0; ; attempt++) {
      if (!seat || !this.#seats.includes(seat)) throw new Error('another model is being opened')
      // It may have been replaced meanwhile.
      if (seat.handle.remote === lost || seat.mustBeFilled) seat.fill(...this.#start())
      try {
        return (await seat.ready).remote
      } catch (error) {
        const wait = retryDelays[attempt]
        if (wait === undefined) throw error
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
  }

  /** Something went wrong with this engine, or with any of them: it is replaced when engines are asked for next. */
  markBroken(engine?: Remote<Engine>): void {
    for (const seat of this.#seats) if (!engine || seat.handle.remote === engine) seat.isBroken = true
  }

  close(): void {
    for (const { handle } of this.#seats) handle.terminate()
    this.#seats = []
    this.#source = null
  }

  #addWorkers(): void {
    const affordable = Math.floor(budget / this.#engineBytes)
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

/** The fields of all layers are found in the engine too, as those of a network without end would hold the page. */
async function read(
  engine: Remote<Engine>,
  { files, inputSize }: ModelSource,
  patient: boolean,
): Promise<{ model: ModelDescription; fields: Fields }> {
  const megabytes = files.reduce((sum, { file }) => sum + file.size, 0) / 1e6
  const seconds = patient ? patience : Math.ceil(opening.seconds + megabytes * opening.secondsPerMegabyte)
  const work = engine
    .openModel(files, { inputSize })
    .then(async (model) => ({ model, fields: await engine.fields() }))
  const done = await waitAtMost(work, { ticks: 2 * seconds, tickMs: 500 })
  if (!done) throw appError('model/too-slow', { file: files[0]!.file.name, seconds })
  return done.result
}
