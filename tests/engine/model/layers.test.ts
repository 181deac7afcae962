/** Compares every layer kind and option with numbers of real Keras (tests/make/make_layers.py). */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { chooseConvolutions } from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { floats, imagesOf, kerasCases, networkOf, weightsOf } from '../kerasCases.ts'

/** Two correct float32 engines differ by about 1e-6 of the largest value. */
const tolerance = 1e-5

describe.each([
  ['wasm', 'tfjs'],
  ['wasm', 'fast'],
  ['webgl', 'tfjs'],
] as const)('on %s with %s convolutions', (backend, convolutions) => {
  beforeAll(async () => {
    await startBackend(backend)
    chooseConvolutions(convolutions)
  })

  it.each(kerasCases)('$name', async (one) => {
    const { shape, output } = one
    const network = networkOf(one)
    const last = network.layers.length - 1
    const model = new TapNetwork(network, weightsOf(network))
    expect(network.layers[last]).toMatchObject({ shape: shape.slice(1) })

    const image = imagesOf(one)
    const before = tf.memory().numTensors
    let tapped: { shape: number[]; values: Float32Array } | undefined
    model.run(image, new Set([last]), (_, tensor) => {
      tapped = { shape: tensor.shape, values: tensor.dataSync<'float32'>() }
    })
    expect(tf.memory().numTensors).toBe(before)
    model.dispose()
    image.dispose()

    expect(tapped!.shape).toEqual(shape)
    const expected = floats(output)
    const { values } = tapped!
    const largest = expected.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-30)
    const difference = expected.reduce((max, value, i) => Math.max(max, Math.abs(value - values[i]!)), 0)
    expect(difference / largest).toBeLessThan(tolerance)
  })
})
