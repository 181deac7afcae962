/** The heap on WASM grows for what passes take, and for no more. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { packedWeightBytes } from '../../../src/core/model/memory.ts'
import { elementCount, type SupportedLayer } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { wasmKernels } from '../../../src/engine/backend/tfjsBackend.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { findSize } from '../../../src/engine/scan/findSize.ts'
import { heldBytes } from '../../fixtures/heldBytes.ts'
import { chain, layerIndex, spec } from '../../fixtures/kerasModels.ts'

/** Of 38 MB of weights by Winograd, and 34 MB as they are. */
const network = chain(
  [12, 12, 256],
  [
    spec('Conv2D', 'first', { filters: 1024, kernel_size: 3, padding: 'same' }),
    spec('Conv2D', 'second', { filters: 2048, kernel_size: 2, strides: 2 }),
    spec('BatchNormalization', 'third'),
  ],
)
const slack = 32e6
const backend = { name: 'wasm', software: false } as const

beforeAll(async () => {
  await startBackend('wasm')
})

it('reserves packed weights once, and none that are packed', async () => {
  const model = new TapNetwork(network, (layer) =>
    (network.layers[layer] as SupportedLayer).weights.map(({ shape }) =>
      new Float32Array(elementCount(shape)).fill(1e-3),
    ),
  )
  const held = heldBytes()
  const all = [...network.layers.keys()].slice(1)
  const expected = packedWeightBytes(network, all, { ours: true })
  for (const taps of [all, [layerIndex(network, 'third')], all]) {
    const size = await findSize(model, taps, 2, backend)
    expect(size).toBeGreaterThan(0)
    const packed = wasmKernels()!.packedBytes()
    expect(packed / expected).toBeGreaterThan(0.99)
    expect(packed / expected).toBeLessThan(1.01)
    // Beside what is packed there were a few maps and what is kept free, and for other taps no second copy.
    expect(held.most()).toBeLessThan(expected + slack + 10e6)
  }
  model.dispose()
  expect(wasmKernels()!.packedBytes()).toBe(0)
  expect(held.bytes()).toBeLessThanOrEqual(0)
  held.stop()
  expect(tf.memory().numTensors).toBe(0)
})
