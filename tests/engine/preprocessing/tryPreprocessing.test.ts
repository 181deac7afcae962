/** A network whose batch normalization has seen 0…1 gets drawn pictures, preprocessed in several ways. */
import * as tf from '@tensorflow/tfjs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { notebookPreprocessing, type Preprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { seededRandom } from '../../../src/core/seededRandom.ts'
import { compare, type TrialReport } from '../../../src/core/preprocessing/guess/trial.ts'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'
import type { Network, SupportedLayer } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { tryPreprocessing } from '../../../src/engine/preprocessing/tryPreprocessing.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'
import { fixtureFile } from '../fixtureFiles.ts'

const side = 12
const reader = new PixelReader()
let pictures: Blob[] = []

beforeAll(async () => {
  await startBackend('wasm')
  // Bright and dark pictures alternate: the network tells them apart.
  pictures = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => picture(i, i % 2 === 0 ? 190 : 60)))
})
afterAll(() => reader.dispose())

/** A picture with noise of ±60 around a brightness. */
async function picture(seed: number, brightness: number): Promise<Blob> {
  const random = seededRandom(seed + 1)
  const data = new Uint8ClampedArray(side * side * 4).map((_, i) =>
    i % 4 === 3 ? 255 : brightness + 120 * (random() - 0.5),
  )
  const canvas = new OffscreenCanvas(side, side)
  canvas.getContext('2d')!.putImageData(new ImageData(data, side, side), 0, 0)
  return canvas.convertToBlob()
}

/** The answer is 0 if a picture in 0…1 is brighter than grey, else 1. It also has a ReLU and a tanh layer. */
function brightnessNetwork(): Network {
  return chain(
    [side, side, 3],
    [
      spec('BatchNormalization', 'norm', { axis: [3], scale: false, center: false }),
      spec('Conv2D', 'relu', { filters: 2, kernel_size: 1, activation: 'relu' }),
      spec('Conv2D', 'tanh', { filters: 1, kernel_size: 1, activation: 'tanh' }),
      spec('GlobalAveragePooling2D', 'pool'),
      spec('Dense', 'out', { units: 2, activation: 'softmax' }),
    ],
  )
}

const arrays: Readonly<Record<string, readonly number[][]>> = {
  // The statistics of these pictures as 0…1: half have brightness 190 of 255, half 60, and all have noise.
  norm: [
    [0.49, 0.49, 0.49],
    [0.0834, 0.0834, 0.0834],
  ],
  // One channel measures brightness above the mean, the other one darkness below it.
  relu: [
    [1, -1, 1, -1, 1, -1],
    [0, 0],
  ],
  tanh: [[0.3, -0.3], [0]],
  out: [
    [9, -9],
    [0, 0],
  ],
}

function open(): TapNetwork {
  const network = brightnessNetwork()
  return new TapNetwork(network, (i) =>
    (arrays[(network.layers[i] as SupportedLayer).name] ?? []).map((list) => Float32Array.from(list)),
  )
}

async function tried(
  preprocessing: Preprocessing,
  handles: readonly Blob[] = pictures,
): Promise<TrialReport> {
  const network = open()
  const before = tf.memory().numTensors
  const report = await tryPreprocessing(network, reader, handles, preprocessing)
  expect(tf.memory().numTensors).toBe(before)
  network.dispose()
  return report
}

describe('a few images under several ways', () => {
  it('fit the stored statistics, are answered rightly and leave nothing dead in the right one only', async () => {
    const right = await tried(notebookPreprocessing)
    expect(right.statistics!.layer).toBe('norm')
    expect(right.statistics!.shift).toBeLessThan(0.05)
    expect(right.statistics!.deviationRatio).toBeCloseTo(1, 1)
    expect(right.dead).toEqual({ count: 0, of: 2 })
    expect(right.notFinite).toBe(false)

    const bytes = await tried(withSettings({ preset: 'raw' }))
    expect(bytes.statistics!.deviationRatio).toBeCloseTo(255, -1)
    expect(bytes.statistics!.divergence).toBeGreaterThan(1000)
    // Everything is far above the mean: one channel of the ReLU is never active, and tanh is at its bound.
    expect(bytes.dead).toEqual({ count: 1, of: 2 })
    expect(bytes.saturated.count / bytes.saturated.of).toBeGreaterThan(0.9)
    expect(right.saturated.count).toBe(0)

    const numbering = { outputOf: [0, 1], names: ['bright', 'dark'], assumption: '', supposed: true }
    const signed = await tried(withSettings({ preset: 'tf' }))
    const { verdicts, best, reason } = compare([bytes, signed, right], [0, 1, 0, 1, 0, 1], [numbering])
    const counts = verdicts.map((verdict) => verdict.right!.count)
    expect(counts[2]).toBe(6)
    expect(Math.max(...counts.slice(0, 2))).toBeLessThan(6)
    expect(best).toBe(2)
    expect(reason).toContain('gets 6 of 6 right')
  })

  it('say the same in passes of any number, and leave out what cannot be read', async () => {
    const broken = await fixtureFile('red/broken.png')
    const report = await tried(notebookPreprocessing, [pictures[0]!, broken, ...pictures.slice(1)])
    const whole = await tried(notebookPreprocessing)
    expect(report.outputs[1]).toBeNull()
    expect(report.outputs.toSpliced(1, 1)).toEqual(whole.outputs)
    expect(report.statistics!.shift).toBeCloseTo(whole.statistics!.shift, 5)
    expect(await tried(notebookPreprocessing, [broken])).toEqual({
      outputs: [null],
      dead: { count: 0, of: 0 },
      saturated: { count: 0, of: 0 },
      statistics: null,
      notFinite: false,
    })
  })

  it('notice numbers that are not finite', async () => {
    const report = await tried({ ...notebookPreprocessing, std: [1e-45] })
    expect(report.notFinite).toBe(true)
  })
})
