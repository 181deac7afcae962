/**
 * @file Runs a network forwards, each layer on its own, and any number of times backwards from one of its layers: what a number that
 * is made of that layer's output changes with. Weights are constants, and the images of a batch do not see each other. Each kind
 * of layer has its own way back (`model/kernels/backward`); tfjs' automatic differentiation takes no part, as it throws at some
 * of our kernels and is silently wrong for others.
 */
import * as tf from '@tensorflow/tfjs'
import type { Affine, Operation, SupportedLayer } from '../../core/model/network.ts'
import { readerCounts } from '../../core/model/readers.ts'
import { isOutOfMemory, OutOfMemory } from '../backend/outOfMemory.ts'
import { activate } from '../model/kernels/activations.ts'
import { beforeActivation, isKnownByOutput } from '../model/kernels/backward/activations.ts'
import { backwardOf } from '../model/kernels/backward/index.ts'
import { runKernel } from '../model/kernels/index.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'

/** Layers of the network, besides the one that the way forward ends at. */
export interface ReverseOptions {
  /** `back` goes to these or to layers behind them, so that nothing is kept for the way back before them; the image if it is missing. */
  readonly from?: readonly number[]
  /** Their outputs are kept for `output`. */
  readonly outputs?: readonly number[]
}

/** What a layer gives on the way forward. */
type Values = {
  readonly output: tf.Tensor
  /** What the activation that it ends in is applied to, if the way back needs it. */
  readonly argument?: tf.Tensor
}

/** Which of its values are kept for the way back. */
interface Kept {
  output: boolean
  argument: boolean
}

const linear = { fn: 'linear' } as const

export class ReversePass {
  readonly #network: TapNetwork
  readonly #input: tf.Tensor
  readonly #outputs = new Map<number, tf.Tensor>()
  readonly #arguments = new Map<number, tf.Tensor>()

  /**
   * Runs the network up to the layer `until`. `input` is `[N, H, W, C]`; it stays the caller's, and is needed until `dispose`.
   * Of the maps on the way those are kept that the way back reads, the others are freed as soon as nothing needs them. Throws
   * `OutOfMemory`.
   */
  constructor(
    network: TapNetwork,
    input: tf.Tensor,
    until: number,
    { from = [network.network.input], outputs = [] }: ReverseOptions = {},
  ) {
    this.#network = network
    this.#input = input
    this.#outputs.set(network.network.input, input)
    try {
      this.#run(new Set([until, ...outputs]), from)
    } catch (error) {
      this.dispose()
      throw error
    }
  }

  /**
   * The output of a layer in the way forward, `[N, …]`; it stays this pass'. Those that were not kept are computed again, which
   * takes as long as the layers that they need: name them in `outputs` beforehand. Throws `OutOfMemory`.
   */
  output(layer: number): tf.Tensor {
    const known = this.#outputs.get(layer)
    if (known) return known
    const made = this.#guarded(layer, () => tf.tidy(() => this.#again(layer, new Map()).output))
    this.#outputs.set(layer, made)
    return made
  }

  /**
   * d Σ(`seed` · output of `layer`) / d output of each of `to`, by layer; they are the caller's to dispose. `seed` has the shape
   * of that layer's output. Layers in `to` that do not influence it get zeros. `network.network.input` is the image. Throws
   * `OutOfMemory`.
   */
  back(layer: number, seed: tf.Tensor, to: readonly number[]): Map<number, tf.Tensor> {
    const wanted = new Set([...this.#dependents(to), ...to])
    const gradients = new Map<number, tf.Tensor>([[layer, alias(seed)]])
    const found = new Map<number, tf.Tensor>()
    try {
      for (let i = layer; i >= Math.min(...to); i--) {
        const gradient = gradients.get(i)
        if (!gradient) continue
        gradients.delete(i)
        if (to.includes(i)) found.set(i, gradient)
        try {
          if (wanted.has(i)) this.#guarded(i, () => this.#through(i, gradient, wanted, gradients))
        } finally {
          if (!to.includes(i)) gradient.dispose()
        }
      }
      for (const one of to) if (!found.has(one)) found.set(one, tf.zeros(this.#shapeOf(one)))
      return found
    } catch (error) {
      tf.dispose([...found.values()])
      throw error
    } finally {
      tf.dispose([...gradients.values()])
    }
  }

  dispose(): void {
    this.#outputs.delete(this.#network.network.input)
    tf.dispose([...this.#outputs.values(), ...this.#arguments.values()])
    this.#outputs.clear()
    this.#arguments.clear()
  }

  #guarded<T>(layer: number, work: () => T): T {
    try {
      return work()
    } catch (error) {
      throw isOutOfMemory(error) ? new OutOfMemory(this.#layer(layer).name) : error
    }
  }

  #layer(index: number): SupportedLayer {
    return this.#network.network.layers[index] as SupportedLayer
  }

  #shapeOf(layer: number): number[] {
    return [this.#input.shape[0]!, ...this.#layer(layer).shape]
  }

  /** The layers that depend on any of these. */
  #dependents(layers: readonly number[]): Set<number> {
    const dependents = new Set<number>()
    const all = this.#network.network.layers
    for (const [i, { inputs }] of all.entries())
      if (inputs.some((j) => layers.includes(j) || dependents.has(j))) dependents.add(i)
    return dependents
  }

  /** What of each layer is kept: what the layers behind `from`, and they themselves, read on their way back. */
  #kept(layers: ReadonlySet<number>, from: readonly number[]): Map<number, Kept> {
    const kept = new Map<number, Kept>()
    const keep = (layer: number, what: keyof Kept): void => {
      const own = kept.get(layer) ?? { output: false, argument: false }
      own[what] = true
      kept.set(layer, own)
    }
    const between = this.#dependents(from)
    for (const i of layers) {
      if (!between.has(i)) continue
      const { op, inputs } = this.#layer(i)
      const reads = backwardOf(op).reads(op as never)
      if (reads.inputs) for (const j of inputs) keep(j, 'output')
      if (reads.output) keep(i, 'output')
      const activation = activationOf(op)
      if (activation && activation.fn !== 'linear')
        keep(i, isKnownByOutput(activation) ? 'output' : 'argument')
    }
    return kept
  }

  #run(asked: ReadonlySet<number>, from: readonly number[]): void {
    const { input, layers } = this.#network.network
    const counts = readerCounts(this.#network.network, asked)
    const kept = this.#kept(new Set(counts.keys()), from)
    const passing = new Map<number, tf.Tensor>()
    try {
      for (let i = 0; i < layers.length; i++) {
        if (!counts.has(i)) continue
        if (i !== input) {
          const own = kept.get(i)
          const { output, argument } = this.#guarded(i, () =>
            tf.tidy(() => this.#compute(i, (j) => (this.#outputs.get(j) ?? passing.get(j))!)),
          )
          if (own?.argument) this.#arguments.set(i, argument!)
          else argument?.dispose()
          ;(own?.output || asked.has(i) ? this.#outputs : passing).set(i, output)
        }
        for (const j of layers[i]!.inputs) {
          const left = counts.get(j)! - 1
          counts.set(j, left)
          if (left > 0) continue
          passing.get(j)?.dispose()
          passing.delete(j)
        }
      }
    } finally {
      tf.dispose([...passing.values()])
    }
  }

  /** A layer computed from its inputs; the caller tidies. */
  #compute(index: number, inputOf: (layer: number) => tf.Tensor): Values {
    const { op, inputs } = this.#layer(index)
    const weights = this.#network.weightsOf(index)
    const from = inputs.map((j) => inputOf(j))
    const activation = activationOf(op)
    if (!activation || isKnownByOutput(activation)) return { output: runKernel(op, from, weights) }
    const argument = runKernel({ ...op, activation: linear } as Operation, from, weights)
    return { output: activate(argument, activation), argument }
  }

  /** The same for a layer of which nothing was kept, and what it needs; the caller tidies. */
  #again(layer: number, made: Map<number, Values>): Values {
    const outputOf = (j: number): tf.Tensor => this.#outputs.get(j) ?? this.#again(j, made).output
    let values = made.get(layer)
    if (!values) made.set(layer, (values = this.#compute(layer, outputOf)))
    return values
  }

  /** Adds what comes through a layer to the gradients of those of its inputs that are wanted. */
  #through(
    index: number,
    gradient: tf.Tensor,
    wanted: ReadonlySet<number>,
    gradients: Map<number, tf.Tensor>,
  ): void {
    const { inputs } = this.#layer(index)
    if (!inputs.some((j) => wanted.has(j))) return
    tf.tidy(() => {
      const through = this.#backward(index, gradient)
      for (const [input, j] of inputs.entries()) {
        const share = wanted.has(j) ? through(input) : null
        if (!share) continue
        const before = gradients.get(j)
        gradients.set(j, tf.keep(before ? tf.add(before, share) : alias(share)))
        before?.dispose()
      }
    })
  }

  /** The way back through a layer, to each of its inputs; the caller tidies. */
  #backward(index: number, gradient: tf.Tensor): (input: number) => tf.Tensor | null {
    const { op, inputs } = this.#layer(index)
    const again = new Map<number, Values>()
    const outputOf = (j: number): tf.Tensor => this.#outputs.get(j) ?? this.#again(j, again).output
    const backward = backwardOf(op)
    const reads = backward.reads(op as never)
    const passed = {
      op: op as never,
      weights: this.#network.weightsOf(index),
      shapes: inputs.map((j) => this.#shapeOf(j)),
      inputs: reads.inputs ? inputs.map(outputOf) : [],
      output: reads.output ? outputOf(index) : null,
    }
    const activation = activationOf(op)
    if (!activation || activation.fn === 'linear') return (input) => backward.back(gradient, passed, input)
    const known = isKnownByOutput(activation)
      ? { argument: null, output: outputOf(index) }
      : { argument: this.#arguments.get(index) ?? this.#again(index, again).argument!, output: null }
    const before = beforeActivation(activation, gradient, known)
    return (input) => backward.back(before, passed, input)
  }
}

/** Another tensor with the same numbers in memory; `tf.clone` would copy them on WASM. */
function alias(x: tf.Tensor): tf.Tensor {
  return tf.reshape(x, x.shape)
}

/** The activation that a layer ends in, if it is not all that the layer is. */
function activationOf(op: Operation): Affine['activation'] | null {
  return op.kind !== 'activation' && 'activation' in op ? op.activation : null
}
