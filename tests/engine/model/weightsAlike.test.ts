import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { cosinesOf } from '../../../src/core/model/kernelDirections.ts'
import { elementCount } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { weightsAlike } from '../../../src/engine/model/weightsAlike.ts'
import { chain, layerIndex, spec, supported } from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

const network = chain(
  [12, 12, 3],
  [
    spec('Conv2D', 'conv', { filters: 8, kernel_size: 3, use_bias: false }),
    spec('BatchNormalization', 'norm'),
    spec('ReLU', 'relu'),
    spec('MaxPooling2D', 'pool', { pool_size: 2 }),
    spec('Conv2D', 'one', { filters: 4, kernel_size: 1 }),
  ],
)
const random = seeded(3)
const arrays = network.layers.map((layer) =>
  layer.op === null
    ? []
    : layer.weights.map(({ name, shape }) =>
        Float32Array.from({ length: elementCount(shape) }, () =>
          name === 'moving_variance' ? random.next() + 0.1 : random.next() * 2 - 1,
        ),
      ),
)

beforeAll(() => startBackend('wasm'))

describe('the weights that a network has read', () => {
  it('tell how alike the kernels are, with the signs of what follows, and nothing is kept of it', async () => {
    const tapNetwork = new TapNetwork(network, (layer) => arrays[layer]!)
    const { numTensors } = tf.memory()
    const [conv, norm, relu] = ['conv', 'norm', 'relu'].map((name) => layerIndex(network, name)) as [
      number,
      number,
      number,
    ]
    const layout = { index: 0, depth: 3, groups: 1, channels: 8, channelsFirst: false }
    const [kernel] = arrays[conv]!
    const [gamma] = arrays[norm]!
    expect(await weightsAlike(tapNetwork, conv, 5)).toEqual(
      cosinesOf(kernel!, layout, new Int8Array(8).fill(1), 5),
    )
    const signs = Int8Array.from(gamma!, Math.sign)
    expect(new Set(signs).size).toBe(2)
    expect(await weightsAlike(tapNetwork, relu, 5)).toEqual(cosinesOf(kernel!, layout, signs, 5))
    expect(await weightsAlike(tapNetwork, layerIndex(network, 'pool'), 5)).toBeNull()
    expect(await weightsAlike(tapNetwork, layerIndex(network, 'one'), 1)).toHaveLength(
      supported(network, 'one').shape.at(-1)!,
    )
    expect(tf.memory().numTensors).toBe(numTensors)
    tapNetwork.dispose()
  })
})
