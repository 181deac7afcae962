/**
 * @file Runs a network and shows the output of chosen layers on the way. All taps share one forward pass, nothing
 * behind the last tap is computed, and a map is freed as soon as no layer needs it any more.
 */
import * as tf from '@tensorflow/tfjs'
import type { Network, SupportedLayer } from '../../core/model/network.ts'
import { readerCounts } from '../../core/model/readers.ts'
import { BackendWatch } from '../backend/backendWatch.ts'
import { isOutOfMemory, OutOfMemory } from '../backend/outOfMemory.ts'
import { runKernel } from './kernels/index.ts'

/** The arrays of a layer that has weights of its own, by layer index. Is called once for each. */
export type NetworkWeights = (layer: number) => readonly Float32Array[]

export class TapNetwork {
  readonly network: Network
  readonly #weights: readonly (readonly tf.Tensor[])[]
  readonly #watch: BackendWatch

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
   * `input` is `[N, H, W, C]` and stays the caller's. `onTap` gets each chosen layer's output, in the network's
   * order; the tensor is valid only during the call. Throws `OutOfMemory`.
   */
  run(input: tf.Tensor, taps: ReadonlySet<number>, onTap: (layer: number, output: tf.Tensor) => void): void {
    const readers = readerCounts(this.network, taps)
    const outputs = new Map<number, tf.Tensor>()
    const release = (layer: number): void => {
      const left = readers.get(layer)! - 1
      readers.set(layer, left)
      if (left > 0) return
      outputs.get(layer)!.dispose()
      outputs.delete(layer)
    }
    let i = 0
    try {
      for (; i < this.network.layers.length; i++) {
        if (!readers.has(i)) continue
        const { op, inputs } = this.network.layers[i] as SupportedLayer
        const from = i === this.network.input ? [input] : inputs.map((j) => outputs.get(j)!)
        outputs.set(
          i,
          tf.tidy(() => runKernel(op, from, this.#weights[i]!)),
        )
        if (taps.has(i)) {
          onTap(i, outputs.get(i)!)
          release(i)
        }
        for (const j of inputs) release(j)
      }
    } catch (error) {
      throw isOutOfMemory(error) ? new OutOfMemory(this.network.layers[i]!.name) : error
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
    for (const weight of new Set(this.#weights.flat())) weight.dispose()
  }
}

function tensors({ weights }: SupportedLayer, arrays: readonly Float32Array[]): tf.Tensor[] {
  return weights
    .filter(({ unread }) => !unread)
    .map(({ shape }, w) => tf.tensor(arrays[w]!, [...shape], 'float32'))
}
