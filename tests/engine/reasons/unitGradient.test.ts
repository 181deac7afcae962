/** A unit's gradient, found from its crop, is that of the whole network, and 0 outside of its field. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import type { SupportedLayer } from '../../../src/core/model/network.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import { inputOfPixels } from '../../../src/engine/images/pictureInput.ts'
import { ReversePass } from '../../../src/engine/reasons/reversePass.ts'
import { unitGradient } from '../../../src/engine/reasons/unitGradient.ts'
import { seeded } from '../../fixtures/random.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { withNoise } from '../noiseNetwork.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

it.each<[string, number, number, readonly [number, number], number]>([
  ['in the middle', 3, 2, [4, 5], 10 * 10],
  ['in a corner', 3, 0, [0, 0], 7 * 7],
  ['of a dense layer', 5, 1, [0, 0], 20 * 24],
])('%s', async (_, layer, channel, unit, pixels) => {
  const network = chain(
    [20, 24, 3],
    [
      spec('Conv2D', 'first', { filters: 16, kernel_size: 3, padding: 'same', activation: 'relu' }),
      spec('MaxPooling2D', 'pool', { pool_size: 2 }),
      spec('Conv2D', 'second', { filters: 16, kernel_size: 4, padding: 'same', activation: 'silu' }),
      spec('Flatten', 'flat', {}),
      spec('Dense', 'dense', { units: 3 }),
    ],
  )
  const random = seeded(1)
  const data = new Uint8ClampedArray(20 * 24 * 4).map((_byte, i) => (i % 4 === 3 ? 255 : random.int(0, 255)))
  const picture = { width: 24, height: 20, data }
  const taps = withNoise(network)
  const before = tf.memory().numTensors

  const claim = { layer, channel, unit, picture, preprocessing: notebookPreprocessing }
  const found = await unitGradient(taps, new PixelReader(), claim)
  expect(tf.memory().numTensors).toBe(before)

  const whole = tf.tidy(() => {
    const input = tf.tensor(inputOfPixels(picture, network.inputShape, notebookPreprocessing), [1, 20, 24, 3])
    const pass = new ReversePass(taps, input, layer)
    const { shape } = network.layers[layer] as SupportedLayer
    const seed = tf.buffer([1, ...shape])
    seed.set(1, 0, ...(shape.length === 3 ? [...unit, channel] : [channel]))
    const [gradient] = pass.back(layer, seed.toTensor(), [0]).values()
    pass.dispose()
    return gradient!.dataSync<'float32'>()
  })
  const largest = whole.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  expect(largest).toBeGreaterThan(0)
  for (const [i, value] of found.entries()) {
    expect(Math.abs(value - whole[i]!)).toBeLessThan(5e-6 * largest)
    if (whole[i] === 0) expect(value).toBe(0)
  }
  // All of what ReLUs and maxima let through lies in the field.
  const seen = Array.from({ length: 20 * 24 }, (_pixel, p) => found.subarray(p * 3, p * 3 + 3).some(Boolean))
  expect(seen.filter(Boolean).length).toBeLessThanOrEqual(pixels)
  expect(seen.filter(Boolean).length).toBeGreaterThan(0)
  taps.dispose()
})
