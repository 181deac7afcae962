/** Networks with random weights, run on the page itself, for tests that measure tfjs. */
import { seededRandom } from '../../src/core/seededRandom.ts'
import { type Network, elementCount, type SupportedLayer } from '../../src/core/model/network.ts'
import { TapNetwork } from '../../src/engine/model/tapNetwork.ts'
import { chain, spec } from '../fixtures/kerasModels.ts'

const side = 64

/** The maps are `[64, 64, 8]`, which is 128 kB per image. */
export function twoConvolutions(): Network {
  const conv = { filters: 8, kernel_size: 3, padding: 'same', activation: 'relu' }
  return chain([side, side, 3], [spec('Conv2D', 'first', conv), spec('Conv2D', 'second', conv)])
}

export function noise(length: number, seed = 1): Float32Array {
  const random = seededRandom(seed)
  return Float32Array.from({ length }, () => random() - 0.5)
}

export function noiseWeights(network: Network): (layer: number) => Float32Array[] {
  return (layer) =>
    (network.layers[layer] as SupportedLayer).weights.map(({ name, shape }, i) => {
      const values = noise(elementCount(shape), layer + i)
      return name.includes('variance') ? values.map((value) => Math.abs(value) + 0.5) : values
    })
}

export function withNoise(network: Network): TapNetwork {
  return new TapNetwork(network, noiseWeights(network))
}
