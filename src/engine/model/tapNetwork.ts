/**
 * @file Runs a network and shows the output of chosen layers on the way. All taps share one forward pass, nothing
 * behind the last tap is computed, and a map is freed as soon as no layer needs it any more. A pass that is prepared runs
 * layers that nobody looks at as parts of others (`core/model/folding`).
 */
import * as tf from '@tensorflow/tfjs'
import pLimit from 'p-limit'
import { type TappedChain, tappedChains } from '../../core/model/folding/tappedChains.ts'
import type { Network, OperationOf, SupportedLayer } from '../../core/model/network.ts'
import { stepReaderCounts } from '../../core/model/readers.ts'
import { BackendWatch } from '../backend/backendWatch.ts'
import type { ChainOfMap } from '../backend/kernels/channelExtremesWasm.ts'
import { isOutOfMemory, OutOfMemory } from '../backend/outOfMemory.ts'
import {
  disposeOf,
  type FoldedPass,
  foldedPass,
  foldsHere,
  type ReadyStep,
  singleLayers,
} from './foldedPass.ts'
import { activate } from './kernels/activations.ts'
import { runKernel } from './kernels/index.ts'
import { batchNormOf } from './kernels/normalizations.ts'

/** Gets a chosen layer's output, which is valid only during the call. */
export type OnTap = (layer: number, output: tf.Tensor) => void

/**
 * Gets the output of the first of some layers that are all chosen (`tappedChains`), and may do the others. Returns the
 * output of the last one, and has disposed of that of the first; or returns null and leaves all to the network.
 */
export type OnChain = (layers: readonly number[], output: tf.Tensor, chain: ChainOfMap) => tf.Tensor | null

/** The arrays of a layer that has weights of its own, by layer index. Is called once for each. */
export type NetworkWeights = (layer: number) => readonly Float32Array[]

/** Weights of another network, in the order of the layer's `weights`: they stay when a network that shares them is disposed of. */
export interface SharedWeights {
  of(layer: number): readonly tf.Tensor[]
}

/** The input of a network, or what is given in the place of its layers of kind `input`, by layer. */
export type NetworkInput = tf.Tensor | ReadonlyMap<number, tf.Tensor>

export class TapNetwork {
  readonly network: Network
  readonly #weights: readonly (readonly tf.Tensor[])[]
  /** Guards what waits for the backend. */
  readonly watch: BackendWatch
  /** The pass that is prepared, and for which taps. */
  #prepared: (FoldedPass & { readonly taps: ReadonlySet<number> }) | null = null
  readonly #preparing = pLimit(1)
  readonly #ownsWeights: boolean
  #isDisposed = false

  constructor(network: Network, weights: NetworkWeights | SharedWeights, watch = new BackendWatch()) {
    this.network = network
    this.watch = watch
    this.#ownsWeights = typeof weights === 'function'
    if (typeof weights === 'object') {
      this.#weights = network.layers.map((_, i) => weights.of(i))
      return
    }
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
      const pass = await this.#fold(taps)
      if (this.#isDisposed) return disposeOf(pass)
      disposeOf(this.#prepared, pass)
      this.#prepared = { ...pass, taps: new Set(taps) }
    })
  }

  /**
   * Runs `task` with these taps prepared, and leaves what is prepared for passes as it is. The task must not wait for
   * anything. Rejects with `OutOfMemory`, `backend/lost`.
   */
  withPrepared(taps: ReadonlySet<number>, task: () => void): Promise<void> {
    // In turn: what is prepared must not be disposed of while its tensors are shared.
    return this.#preparing(async () => {
      if (!foldsHere() || this.#isPrepared(taps)) return task()
      const pass = await this.#fold(taps)
      const before = this.#prepared
      this.#prepared = { ...pass, taps }
      try {
        task()
      } finally {
        this.#prepared = before
        disposeOf(pass, before)
      }
    })
  }

  /**
   * `input` is `[N, H, W, C]`, or what the layers of kind `input` are, and stays the caller's. `onTap` gets each chosen
   * layer's output, in the network's order, unless `onChain` has done it. Nothing behind the layer `until` is computed, and
   * what comes before it is computed as in the whole pass. Throws `OutOfMemory`.
   */
  run(
    input: NetworkInput,
    taps: ReadonlySet<number>,
    onTap: OnTap,
    onChain: OnChain | null = null,
    until = Infinity,
  ): void {
    const given = input instanceof tf.Tensor ? new Map([[this.network.input, input]]) : input
    const steps = this.#stepsFor(taps)
    const plain = steps.map(({ step }) => step)
    const readers = stepReaderCounts(plain, taps)
    const chains = onChain ? tappedChains(plain, taps) : null
    const done = new Set<number>()
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
        if (done.has(layer)) continue
        if (layer > until) break
        computed = base
        const there = given.get(base)
        const from = there ? [there] : inputs.map((j) => outputs.get(j)!)
        const output = tf.tidy(() => {
          const y = runKernel(op, from, weights, factors)
          return activation ? activate(y, activation) : y
        })
        outputs.set(layer, output)
        const chain = chains?.get(layer)
        const end = chain ? onChain!(chain.layers, output, this.#chainOf(chain)) : null
        if (chain && end) {
          const last = chain.layers.at(-1)!
          outputs.delete(layer)
          outputs.set(last, end)
          release(last)
          for (const passed of chain.layers) done.add(passed)
        } else if (taps.has(layer)) {
          onTap(layer, output)
          release(layer)
        }
        for (const j of inputs) release(j)
      }
    } catch (error) {
      throw isOutOfMemory(error) ? new OutOfMemory(this.network.layers[computed]!.name) : error
    } finally {
      // Maps are left after an error, and those that layers behind `until` would read.
      for (const output of outputs.values()) output.dispose()
    }
  }

  /** The numbers of a tensor that a tap has made; it stays the caller's. Rejects with `backend/lost`. */
  read(tensor: tf.Tensor): Promise<Float32Array> {
    return this.watch.read(tensor)
  }

  /** In the order of the layer's `weights`; they stay the network's. */
  weightsOf(layer: number): readonly tf.Tensor[] {
    return this.#weights[layer]!
  }

  dispose(): void {
    this.#isDisposed = true
    disposeOf(this.#prepared)
    this.#prepared = null
    if (this.#ownsWeights) for (const weight of new Set(this.#weights.flat())) weight.dispose()
  }

  #fold(taps: ReadonlySet<number>): Promise<FoldedPass> {
    return foldedPass(
      this.network,
      taps,
      { of: (layer) => this.#weights[layer]!, read: (tensor) => this.read(tensor) },
      this.#prepared,
    )
  }

  #stepsFor(taps: ReadonlySet<number>): readonly ReadyStep[] {
    if (foldsHere() && this.#isPrepared(taps)) return this.#prepared!.steps
    return singleLayers(this.network, taps, { of: (layer) => this.#weights[layer]! })
  }

  #chainOf({ normalization, activation }: TappedChain): ChainOfMap {
    const batchNorm =
      normalization &&
      batchNormOf(normalization.op as OperationOf<'batchNorm'>, this.#weights[normalization.base]!)
    return { batchNorm, activation }
  }

  #isPrepared(taps: ReadonlySet<number>): boolean {
    const prepared = this.#prepared?.taps
    return prepared?.size === taps.size && [...taps].every((tap) => prepared.has(tap))
  }
}

function tensors({ weights }: SupportedLayer, arrays: readonly Float32Array[]): tf.Tensor[] {
  return weights
    .filter(({ unread }) => !unread)
    .map(({ shape }, w) => tf.tensor(arrays[w]!, [...shape], 'float32'))
}
