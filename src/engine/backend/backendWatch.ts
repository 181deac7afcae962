/**
 * @file Finds out when a backend will never answer. tfjs' `data()` hangs for ever when the browser takes the graphics
 * context away, or when the driver never signals; calls that wait here do not hang.
 */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { backendNames } from '../../core/backendNames.ts'
import { AppError, appError } from '../../core/errors.ts'
import { TickWatch } from '../../core/timing/ticks.ts'
import { isOutOfMemory, OutOfMemory } from './outOfMemory.ts'
import { backendName } from './tfjsBackend.ts'

/** The time that a read-back may take: at least `leastMs`, and `factor` times the longest one so far. */
export interface ReadTimeout {
  readonly leastMs: number
  readonly factor: number
}

const usual: ReadTimeout = { leastMs: 20_000, factor: 20 }

/** The time between two checks, in ms. */
const checkMs = 100

export class BackendWatch {
  readonly #timeout: ReadTimeout
  readonly #ticks: TickWatch
  /** Functions that reject the reads under way. */
  readonly #waiting = new Set<(loss: AppError) => void>()
  #loss: AppError | null = null

  constructor(timeout: ReadTimeout = usual) {
    this.#timeout = timeout
    this.#ticks = new TickWatch({ tickMs: checkMs, timesLongest: timeout.factor }, () =>
      this.#lookAtContext(),
    )
  }

  /** Reads a tensor's numbers; the tensor stays the caller's. Rejects with `backend/lost`. */
  async read(tensor: tf.Tensor): Promise<Float32Array> {
    // Numbers in this thread's memory need no waiting, and no promise of tfjs for each of many layers.
    if ((tf.backend() as Partial<BackendWasm>).wasm) return tensor.dataSync<'float32'>()
    this.#lookAtContext()
    if (this.#loss) throw this.#loss
    // A race against one promise of the loss would leak: that promise would keep all numbers that ever won.
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject)
      this.#ticks.watch(reject, this.#timeout.leastMs / checkMs, (looks) =>
        this.#lose(`the graphics card has not answered for ${Math.ceil((looks * checkMs) / 1000)} s`),
      )
      tensor
        .data<'float32'>()
        .then((data) => {
          this.#ticks.heard(reject)
          resolve(data)
        }, reject)
        .finally(() => {
          this.#waiting.delete(reject)
          this.#ticks.forget(reject)
        })
    })
  }

  /**
   * Does any work on the backend, and rejects with `backend/lost` or `backend/out-of-memory` if it fails for such a
   * reason.
   */
  async guard<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#loss) throw this.#loss
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof AppError)) this.#lookAtContext()
      // A trap may have left the memory in any state.
      if (error instanceof WebAssembly.RuntimeError) this.#lose(`its program has crashed (${error.message})`)
      if (this.#loss) throw this.#loss
      if (!isOutOfMemory(error)) throw error
      const layer = error instanceof OutOfMemory ? error.layer : null
      throw appError('backend/out-of-memory', { backend: backendNames[backendName()], layer })
    }
  }

  #lookAtContext(): void {
    if (contextLost()) this.#lose('the browser has taken its graphics context away')
  }

  #lose(reason: string): void {
    this.#ticks.forgetAll()
    if (this.#loss) return
    this.#loss = appError('backend/lost', { backend: backendNames[backendName()], reason })
    for (const giveUp of this.#waiting) giveUp(this.#loss)
    this.#waiting.clear()
  }
}

function contextLost(): boolean {
  return (tf.backend() as Partial<MathBackendWebGL>).gpgpu?.gl.isContextLost() ?? false
}
