/**
 * @file Finds out when a backend will never answer. tfjs' `data()` hangs for ever when the browser takes the graphics
 * context away, or when the driver never signals; nobody who waits here does.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { backendNames } from '../../core/backendNames.ts'
import { AppError, appError } from '../../core/errors.ts'
import { isOutOfMemory, OutOfMemory } from './outOfMemory.ts'
import { backendName } from './tfjsBackend.ts'

/** How long a read-back may take: so many times the longest one so far, and so much at least. */
export interface Patience {
  readonly leastMs: number
  readonly factor: number
}

const usual: Patience = { leastMs: 20_000, factor: 20 }

/** Between two looks, in ms. */
const lookMs = 100

interface Waiting {
  looks: number
  readonly limit: number
  readonly giveUp: (loss: AppError) => void
}

export class BackendWatch {
  readonly #patience: Patience
  readonly #waiting = new Set<Waiting>()
  #longest = 0
  #timer: ReturnType<typeof setInterval> | null = null
  #loss: AppError | null = null

  constructor(patience: Patience = usual) {
    this.#patience = patience
  }

  /** A tensor's numbers; the tensor stays the caller's. Rejects with `backend/lost`. */
  async read(tensor: tf.Tensor): Promise<Float32Array> {
    // What lies in this thread's memory needs no waiting, and no promise of tfjs for each of many layers.
    if ((tf.backend() as Partial<BackendWasm>).wasm) return tensor.dataSync<'float32'>()
    this.#lookAtContext()
    if (this.#loss) throw this.#loss
    const { leastMs, factor } = this.#patience
    const limit = Math.max(leastMs, factor * this.#longest) / lookMs
    // Not a race against one promise of the loss: that promise would keep all numbers that ever won.
    return new Promise((resolve, reject) => {
      const waiting: Waiting = { looks: 0, limit, giveUp: reject }
      this.#waiting.add(waiting)
      this.#timer ??= setInterval(() => this.#look(), lookMs)
      tensor
        .data<'float32'>()
        .then((data) => {
          this.#longest = Math.max(this.#longest, waiting.looks * lookMs)
          resolve(data)
        }, reject)
        .finally(() => {
          this.#waiting.delete(waiting)
          if (this.#waiting.size === 0) this.#rest()
        })
    })
  }

  /** Any work on the backend: what fails with it rejects with `backend/lost` or `backend/out-of-memory`. */
  async guard<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#loss) throw this.#loss
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof AppError)) this.#lookAtContext()
      // A trap may have left anything behind.
      if (error instanceof WebAssembly.RuntimeError) this.#lose(`its program has crashed (${error.message})`)
      if (this.#loss) throw this.#loss
      if (!isOutOfMemory(error)) throw error
      const layer = error instanceof OutOfMemory ? error.layer : null
      throw appError('backend/out-of-memory', { backend: backendNames[backendName()], layer })
    }
  }

  /**
   * Waiting is counted in looks, not in time: while a machine sleeps, or a pass holds the thread, nobody looks.
   */
  #look(): void {
    this.#lookAtContext()
    for (const waiting of this.#waiting)
      if (++waiting.looks > waiting.limit)
        return this.#lose(
          `the graphics card has not answered for ${Math.ceil((waiting.limit * lookMs) / 1000)} s`,
        )
  }

  #lookAtContext(): void {
    if (contextLost()) this.#lose('the browser has taken its graphics context away')
  }

  #lose(reason: string): void {
    this.#rest()
    if (this.#loss) return
    this.#loss = appError('backend/lost', { backend: backendNames[backendName()], reason })
    for (const { giveUp } of this.#waiting) giveUp(this.#loss)
    this.#waiting.clear()
  }

  #rest(): void {
    if (this.#timer !== null) clearInterval(this.#timer)
    this.#timer = null
  }
}

function contextLost(): boolean {
  return (tf.backend() as Partial<MathBackendWebGL>).gpgpu?.gl.isContextLost() ?? false
}
