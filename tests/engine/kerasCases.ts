/** @file The small networks of tests/make/make_layers.py: every layer kind and option as Keras writes it, and what Keras computes. */
import * as tf from '@tensorflow/tfjs'
import { readKerasConfig } from '../../src/core/model/keras/kerasConfig.ts'
import { kerasNetwork } from '../../src/core/model/keras/kerasNetwork.ts'
import { elementCount, type Network, type Shape } from '../../src/core/model/network.ts'
import layersJson from '../fixtures/layers.json?raw'

export interface KerasCase {
  readonly name: string
  readonly kerasMajor: number
  /** The shape without the axis of images, as the engine feeds it. */
  readonly input: readonly number[]
  readonly config: unknown
  readonly shape: readonly number[]
  /** The numbers as float32 in base64. */
  readonly output: string
}

export const kerasCases = JSON.parse(layersJson) as readonly KerasCase[]

/** Numbers in [-1, 1), by the formula of make_layers.py. */
export function numbers(length: number, offset: number): Float32Array {
  return Float32Array.from({ length }, (_, i) => (((i + offset) * 7919) % 2003) / 1001.5 - 1)
}

export function weightsOf(network: Network): (layer: number) => Float32Array[] {
  let offset = 0
  const made = network.layers.map((layer) => {
    if (layer.op === null) throw new Error(layer.problem)
    return layer.weights.map(({ name, shape }: { name: string; shape: Shape }) => {
      const values = numbers(elementCount(shape), (offset += 1000))
      return name.includes('variance') ? values.map((value) => Math.abs(value) + 0.5) : values
    })
  })
  return (layer) => made[layer]!
}

export function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)).buffer)
}

export function networkOf({ config, kerasMajor }: KerasCase): Network {
  return kerasNetwork(readKerasConfig(config, kerasMajor), { kerasMajor, inputSize: null }).network
}

/** The images that Keras got, `[N, …]`; the caller disposes of them. */
export function imagesOf({ input, shape }: KerasCase): tf.Tensor {
  const batch = shape[0]!
  const values = numbers(batch * elementCount(input), 17).map((value) => value * 3)
  return tf.tensor(values, [batch, ...input])
}
