/** @file Opens and runs a network in a worker, where h5wasm can read files, and compares it with what Keras computed. */
import * as tf from '@tensorflow/tfjs'
import { type Network, type Pair, elementCount } from '../../src/core/model/network.ts'
import { startBackend } from '../../src/engine/backend/chooseBackend.ts'
import type { OpenedModel } from '../../src/engine/model/formats/format.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../src/engine/reasons/reversePass.ts'
import { expose } from '../../src/rpc/expose.ts'

/** The offset of a layer's output in the floats that Keras computed. */
export interface Expected {
  readonly layer: number
  readonly offset: number
}

/** A gradient that Keras has derived: of one unit with respect to the output of a layer. */
export interface ExpectedGradient {
  readonly of: number
  /** The unit's place among the numbers of the layer. */
  readonly unit: number
  readonly by: number
  readonly offset: number
  readonly size: number
}

export class Parity {
  #model: OpenedModel | null = null

  async open(url: string, inputSize: Pair | null): Promise<{ network: Network; parameters: number[] }> {
    const name = url.slice(url.lastIndexOf('/') + 1)
    const file = new File([await (await fetch(url)).blob()], name)
    this.#model?.close()
    this.#model = await openModel([{ path: name, file }], { inputSize })
    const { network, parameters } = this.#model
    return { network, parameters: [...parameters] }
  }

  /** The names of layers whose arrays do not have the size that their network needs. */
  layersWithWrongArrays(): string[] {
    const { network, weights } = this.#opened()
    return network.layers
      .filter((layer, i) => {
        if (layer.op === null || layer.sharesWeightsOf !== undefined) return false
        const lengths = weights.call(this.#model, i).map(({ length }) => length)
        const read = layer.weights.filter(({ unread }) => !unread)
        return String(lengths) !== String(read.map(({ shape }) => elementCount(shape)))
      })
      .map(({ name }) => name)
  }

  /** The largest difference of each layer, relative to its largest value. The numbers begin with the input. */
  async compare(url: string, expected: readonly Expected[]): Promise<number[]> {
    await startBackend('wasm')
    const floats = new Float32Array(await (await fetch(url)).arrayBuffer())
    const model = this.#opened()
    const { network } = model
    const tapped = new TapNetwork(network, (layer) => model.weights(layer))
    const input = tf.tensor4d(floats.subarray(0, elementCount(network.inputShape)), [
      1,
      ...network.inputShape,
    ])
    const errors = new Map<number, number>()
    const offsets = new Map(expected.map(({ layer, offset }) => [layer, offset]))
    tapped.run(input, new Set(offsets.keys()), (layer, output) => {
      const from = offsets.get(layer)!
      errors.set(layer, largestDifference(output.dataSync(), floats.subarray(from, from + output.size)))
    })
    input.dispose()
    tapped.dispose()
    return expected.map(({ layer }) => errors.get(layer)!)
  }

  /** The largest difference of each gradient, relative to its largest value. */
  async compareGradients(url: string, expected: readonly ExpectedGradient[]): Promise<number[]> {
    await startBackend('wasm')
    const floats = new Float32Array(await (await fetch(url)).arrayBuffer())
    const model = this.#opened()
    const { network } = model
    const tapped = new TapNetwork(network, (layer) => model.weights(layer))
    const input = tf.tensor4d(floats.subarray(0, elementCount(network.inputShape)), [
      1,
      ...network.inputShape,
    ])
    const errors = expected.map(({ of, unit, by, offset, size }) => {
      const pass = new ReversePass(tapped, input, of)
      const output = pass.output(of)
      const seed = tf.tensor(new Float32Array(output.size).fill(1, unit, unit + 1), output.shape)
      const gradient = pass.back(of, seed, [by]).get(by)!
      const error = largestDifference(gradient.dataSync(), floats.subarray(offset, offset + size))
      pass.dispose()
      tf.dispose([seed, gradient])
      return error
    })
    input.dispose()
    tapped.dispose()
    return errors
  }

  #opened(): OpenedModel {
    if (!this.#model) throw new Error('no model is open')
    return this.#model
  }
}

/** NaN if any of the numbers is NaN. */
function largestDifference(ours: ArrayLike<number>, theirs: Float32Array): number {
  let difference = 0
  let largest = 0
  for (const [i, value] of theirs.entries()) {
    difference = Math.max(difference, Math.abs(ours[i]! - value))
    largest = Math.max(largest, Math.abs(value))
  }
  return difference / largest
}

expose(new Parity(), self as never)
