/** @file Compares the way back through networks with the oracle's. */
import * as tf from '@tensorflow/tfjs'
import { expect } from 'vitest'
import { elementCount, type Network, type SupportedLayer } from '../../../src/core/model/network.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { ReversePass } from '../../../src/engine/reasons/reversePass.ts'
import { noise, noiseWeights } from '../noiseNetwork.ts'
import { gradient64 } from './oracle.ts'

const images = 2

interface Way {
  readonly network: Network
  /** From this layer, as a rule the last, to these. */
  readonly layer?: number
  readonly to?: readonly number[]
  /** As a rule noise. */
  readonly image?: (image: number) => Float32Array
}

/** The largest error of all gradients, by the largest number of each. Fails if tensors are left. */
export function largestError({ network, layer = network.layers.length - 1, to = [0], image }: Way): number {
  const weights = noiseWeights(network)
  const shapeOf = (index: number): readonly number[] => (network.layers[index] as SupportedLayer).shape
  const input = Array.from(
    { length: images },
    (_, n) => image?.(n) ?? noise(elementCount(network.inputShape), 100 + n).map((value) => value * 3),
  )
  const seeds = input.map((_, n) => noise(elementCount(shapeOf(layer)), 200 + n))
  const before = tf.memory().numTensors
  const found = gradientsOf(network, layer, to, input, seeds)
  expect(tf.memory().numTensors).toBe(before)
  return Math.max(
    ...to.flatMap((one) =>
      input.map((pixels, n) => {
        const expected = gradient64(network, weights, pixels, { layer, seed: seeds[n]!, to: one })
        const count = expected.length
        const own = found.get(one)!.subarray(n * count, (n + 1) * count)
        const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
        const error = expected.reduce((most, value, i) => Math.max(most, Math.abs(value - own[i]!)), 0)
        return largest === 0 ? error : error / largest
      }),
    ),
  )
}

/** The gradients of a batch, by layer. */
export function gradientsOf(
  network: Network,
  layer: number,
  to: readonly number[],
  input: readonly Float32Array[],
  seeds: readonly Float32Array[],
): Map<number, Float32Array> {
  const shape = (index: number): number[] => [
    input.length,
    ...(network.layers[index] as SupportedLayer).shape,
  ]
  const taps = new TapNetwork(network, noiseWeights(network))
  const x = tf.tensor(joined(input), shape(0))
  const seed = tf.tensor(joined(seeds), shape(layer))
  const pass = new ReversePass(taps, x, layer)
  const gradients = pass.back(layer, seed, to)
  const found = new Map([...gradients].map(([one, tensor]) => [one, tensor.dataSync<'float32'>()]))
  for (const [one, tensor] of gradients) expect(tensor.shape).toEqual(shape(one))
  pass.dispose()
  tf.dispose([x, seed, ...gradients.values()])
  taps.dispose()
  return found
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const array of arrays) {
    all.set(array, at)
    at += array.length
  }
  return all
}
