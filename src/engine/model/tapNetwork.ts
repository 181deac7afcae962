/**
 * @file Runs a network and shows the output of chosen layers on the way. All taps share one forward pass, nothing
 * behind the last tap is computed, and a map is freed as soon as no layer needs it any more. A pass that is prepared runs
 * layers that nobody looks at as parts of others (`core/model/folding`).
 */
import * as tf from '@tensorflow/tfjs'
import pLimit from 'p-limit'
import type { Network, SupportedLayer } from '../../core/model/network.ts'
import { stepReaderCounts } from '../../core/model/readers.ts'
import { BackendWatch } from '../backend/backendWatch.ts'
import { isOutOfMemory, OutOfMemory } from '../backend/outOfMemory.ts'
import { type FoldedPass, foldedPass, foldsHere, type ReadyStep, singleLayers } from './foldedPass.ts'
import { activate } from './kernels/activations.ts'
import { runKernel } from './kernels/index.ts'

/** The arrays of a layer that has weights of its own, by layer index. Is called once for each. */
export type NetworkWeights = (layer: number) => readonly Float32Array[]

export class TapNetwork {
  readonly network: Network
  readonly #weights: readonly (readonly tf.Tensor[])[]
  readonly #watch: BackendWatch
  /** The pass that is prepared, and for which taps. */
  #prepared: (FoldedPass & { readonly taps: ReadonlySet<number> }) | null = null
  readonly #preparing = pLimit(1)
  #isDisposed = false

  constructor(network: Network, weights: NetworkWeights, watch = new BackendWatch()) {
    this.network = network
    this.#watch = watch
    const made: (readonly tf.Tensor[])[] = []
    this.#weights = made
    try {
      // One layer at a time: the memory of a layer's arrays is free again when the next ones are read.
      for (const [i, layer] of network.layers.entries())
        made.push(layer.op === null ? [] : (made[layer.sharesWeightsOf ?? i] ?? tensors(layer, weights(i))))
    } catch (error) {
      this.dispose()
      throw error
    }
  }

  /**
   * Makes passes with these taps faster, until others are prepared: layers between the taps are folded into one another. Does
   * nothing if they are prepared, or if nothing is folded on this backend. Rejects with `OutOfMemory`, `backend/lost`.
   */
  prepare(taps: ReadonlySet<number>): Promise<void> {
    return this.#preparing(async () => {
      if (!foldsHere() || this.#isPrepared(taps)) return
      const pass = await foldedPass(this.network, taps, {
        of: (layer) => this.#weights[layer]!,
        read: (tensor) => this.read(tensor),
      })
      this.#discardPass()
      if (this.#isDisposed) tf.dispose([...pass.own])
      else this.#prepared = { ...pass, taps: new Set(taps) }
    })
  }

  /**
   * `input` is `[N, H, W, C]` and stays the caller's. `onTap` gets each chosen layer's output, in the network's
   * order; the tensor is valid only during the call. Throws `OutOfMemory`.
   */
  run(input: tf.Tensor, taps: ReadonlySet<number>, onTap: (layer: number, output: tf.Tensor) => void): void {
    const steps = this.#stepsFor(taps)
    const readers = stepReaderCounts(
      steps.map(({ step }) => step),
      taps,
    )
    const outputs = new Map<number, tf.Tensor>()
    const release = (layer: number): void => {
      const left = readers.get(layer)! - 1
      readers.set(layer, left)
      if (left > 0) return
      outputs.get(layer)!.dispose()
      outputs.delete(layer)
    }
    let computed = this.network.input
    try {
      for (const { step, weights, factors } of steps) {
        const { layer, base, inputs, op, activation } = step
        computed = base
        const from = base === this.network.input ? [input] : inputs.map((j) => outputs.get(j)!)
        const output = tf.tidy(() => {
          const y = runKernel(op, from, weights, factors)
          return activation ? activate(y, activation) : y
        })
        outputs.set(layer, output)
        if (taps.has(layer)) {
          onTap(layer, output)
          release(layer)
        }
        for (const j of inputs) release(j)
      }
    } catch (error) {
      throw isOutOfMemory(error) ? new OutOfMemory(this.network.layers[computed]!.name) : error
    } finally {
      // Maps are left only after an error.
      for (const output of outputs.values()) output.dispose()
    }
  }

  /** The numbers of a tensor that a tap has made; it stays the caller's. Rejects with `backend/lost`. */
  read(tensor: tf.Tensor): Promise<Float32Array> {
    return this.#watch.read(tensor)
  }

  /** In the order of the layer's `weights`; they stay the network's. */
  weightsOf(layer: number): readonly tf.Tensor[] {
    return this.#weights[layer]!
  }

  dispose(): void {
    this.#isDisposed = true
    this.#discardPass()
    for (const weight of new Set(this.#weights.flat())) weight.dispose()
  }

  #stepsFor(taps: ReadonlySet<number>): readonly ReadyStep[] {
    if (foldsHere() && this.#isPrepared(taps)) return this.#prepared!.steps
    return singleLayers(this.network, taps, { of: (layer) => this.#weights[layer]! })
  }

  #isPrepared(taps: ReadonlySet<number>): boolean {
    const prepared = this.#prepared?.taps
    return prepared?.size === taps.size && [...taps].every((tap) => prepared.has(tap))
  }

  #discardPass(): void {
    tf.dispose([...(this.#prepared?.own ?? [])])
    this.#prepared = null
  }
}

function tensors({ weights }: SupportedLayer, arrays: readonly Float32Array[]): tf.Tensor[] {
  return weights
    .filter(({ unread }) => !unread)
    .map(({ shape }, w) => tf.tensor(arrays[w]!, [...shape], 'float32'))
}
