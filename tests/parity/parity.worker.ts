/** @file Opens and runs a network where h5wasm can read files, and compares it there with what Keras computed. */
import * as tf from '@tensorflow/tfjs'
import { type Network, type Pair, elementCount } from '../../src/core/model/network.ts'
import { startBackend } from '../../src/engine/backend/chooseBackend.ts'
import type { OpenedModel } from '../../src/engine/model/formats/format.ts'
import { openModel } from '../../src/engine/model/openModel.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { expose } from '../../src/rpc/expose.ts'

/** Where a layer's output begins among the floats that Keras computed. */
export interface Expected {
  readonly layer: number
  readonly offset: number
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

  /** Names of layers whose arrays are not as large as their network needs them. */
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

  /** The largest difference of each layer, of its largest value. The numbers begin with the input. */
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

  #opened(): OpenedModel {
    if (!this.#model) throw new Error('no model is open')
    return this.#model
  }
}

/** Not a number if one of them isn't. */
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
