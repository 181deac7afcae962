/** What pixels contribute to a unit, against obvious ways to compute it. */
import * as tf from '@tensorflow/tfjs'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  channelCount,
  type MapShape,
  type Network,
  type Pair,
  type SupportedLayer,
} from '../../../src/core/model/network.ts'
import { UnitBoxes } from '../../../src/core/model/receptiveField.ts'
import { mapSize } from '../../../src/core/model/units.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { sumOf } from '../../../src/core/reasons/attributionMap.ts'
import {
  centreFirst,
  deletionArea,
  deletedAfter,
  strongestFirst,
} from '../../../src/core/reasons/deletion.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { PixelReader } from '../../../src/engine/images/decodeImage.ts'
import { inputOfPixels } from '../../../src/engine/images/pictureInput.ts'
import type { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { type AttributionClaim, Attributions } from '../../../src/engine/reasons/attribution.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'
import { withNoise } from '../noiseNetwork.ts'

const size: MapShape = [19, 16, 3]
const mean = [0.4, 0.5, 0.6]

const conv = (name: string, more = {}, inputs: readonly string[] = []) =>
  spec('Conv2D', name, { filters: 4, kernel_size: 3, ...more }, inputs)

const rectified = chain(
  [...size],
  [
    conv('first', { padding: 'same', activation: 'relu' }),
    spec('MaxPooling2D', 'pool', { pool_size: 2 }),
    conv('second', { padding: 'same', activation: 'relu' }),
    spec('Flatten', 'flat'),
    spec('Dense', 'outputs', { units: 3 }),
  ],
)
const linear = chain([...size], [conv('first'), conv('second', { strides: 2 })])
const squeezed = networkOf(
  keras3FunctionalJson([
    inputSpec([...size]),
    conv('map', { padding: 'same' }, ['image']),
    spec('GlobalAveragePooling2D', 'squeeze', { keepdims: true }, ['map']),
    spec('Multiply', 'excited', {}, ['map', 'squeeze']),
  ]),
)

const random = seeded(7)
const picture = {
  width: size[1],
  height: size[0],
  data: Uint8ClampedArray.from({ length: size[0] * size[1] * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : random.int(0, 255),
  ),
}
const input = inputOfPixels(picture, size, notebookPreprocessing)

let tensors = 0
const open: TapNetwork[] = []
let nextId = 1

beforeAll(async () => {
  await startBackend('wasm')
})
afterEach(() => {
  for (const one of open.splice(0)) one.dispose()
  expect(tf.memory().numTensors).toBe(tensors)
})

function attributed(network: Network, layer: number, channel: number, unit: Pair) {
  tensors = tf.memory().numTensors
  const whole = withNoise(network)
  open.push(whole)
  const claim: AttributionClaim = {
    layer,
    channel,
    unit,
    box: new UnitBoxes(network, layer).box(...unit),
    picture,
    preprocessing: notebookPreprocessing,
    mean,
  }
  /** The unit's activation for a whole input, by the whole network. */
  const activation = (image: Float32Array): number => {
    const { shape } = network.layers[layer] as SupportedLayer
    const tensor = tf.tensor4d(image, [1, ...size])
    let value = Number.NaN
    whole.run(tensor, new Set([layer]), (_, output) => {
      value = output.dataSync()[(unit[0] * mapSize(shape)[1] + unit[1]) * channelCount(shape) + channel]!
    })
    tensor.dispose()
    return value
  }
  const attributions = new Attributions(whole, new PixelReader())
  return { claim, activation, attributions, id: nextId++ }
}

/** An image in which pixels are the mean, by row and column. */
function changed(isMean: (row: number, column: number) => boolean): Float32Array {
  return input.map((value, i) => {
    const pixel = Math.floor(i / 3)
    return isMean(Math.floor(pixel / size[1]), pixel % size[1]) ? mean[i % 3]! : value
  })
}

/** The largest difference of two lists. */
function apart(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a, (value, i) => Math.abs(value - b[i]!)).reduce((most, one) => Math.max(most, one), 0)
}

describe('integrated gradients', () => {
  it.each<[string, Network, string, Pair]>([
    ['in the middle', rectified, 'second', [4, 3]],
    ['at a corner', rectified, 'second', [0, 0]],
    ['at a border', rectified, 'second', [8, 4]],
    ['of a vector', rectified, 'outputs', [0, 0]],
  ])('together are what the unit has over the mean: %s', async (_, network, name, unit) => {
    const layer = layerIndex(network, name)
    const shape = (network.layers[layer] as SupportedLayer).shape
    for (let channel = 0; channel < channelCount(shape); channel++) {
      const { claim, activation, attributions, id } = attributed(network, layer, channel, unit)
      const found = await attributions.attribution(id, claim, 'integrated')
      attributions.forget()
      const [top, left, bottom, right] = claim.box
      expect(found.box).toEqual([
        Math.max(top, 0),
        Math.max(left, 0),
        Math.min(bottom, size[0]),
        Math.min(right, size[1]),
      ])
      expect(found.values.length).toBe(found.rows * found.columns)
      expect(found.activation).toBeCloseTo(activation(input), 5)
      expect(found.atMean).toBeCloseTo(activation(changed(() => true)), 5)
      const whole = found.activation - found.atMean
      const largest = Math.abs(found.activation) + Math.abs(found.atMean)
      // Where a ReLU is between two of the steps, the sum is not exact.
      expect(Math.abs(sumOf(found.values) - whole)).toBeLessThan(0.1 * largest + 1e-6)
      expect(found.elsewhere).toBe(0)
      for (const one of open.splice(0)) one.dispose()
    }
  })

  it('leave out rows that no stride reads', async () => {
    const layers = [
      spec('MaxPooling2D', 'pool', { pool_size: 2 }),
      spec('Flatten', 'flat'),
      spec('Dense', 'outputs', { units: 2 }),
    ]
    const { claim, attributions, id } = attributed(chain([...size], layers), 3, 1, [0, 0])
    const { box, values } = await attributions.attribution(id, claim, 'integrated')
    const { of, done } = await attributions.occlusion(id, claim, [], 1000)
    await attributions.deletionTest(id, claim, values)
    attributions.forget()
    expect(claim.box).toEqual([0, 0, 19, 16])
    expect(box).toEqual([0, 0, 18, 16])
    expect(done).toBe(of)
  })

  it('of a linear unit are what it loses without each pixel, smoothed', async () => {
    const layer = layerIndex(linear, 'second')
    const { claim, activation, attributions, id } = attributed(linear, layer, 2, [3, 2])
    const [found, once] = [
      await attributions.attribution(id, claim, 'integrated'),
      await attributions.attribution(id, claim, 'gradient'),
    ]
    attributions.forget()
    const [top, left] = found.box
    // A Gaussian of one pixel around each, cut off at three pixels and at the box, which keeps the sum.
    const weight = (from: number, to: number, length: number): number => {
      const all = Array.from({ length }, (_, i) =>
        Math.abs(i - from) > 3 ? 0 : Math.exp(-((i - from) ** 2) / 2),
      )
      return all[to]! / all.reduce((a, b) => a + b)
    }
    const want = new Float64Array(found.values.length)
    for (let r = 0; r < found.rows; r++)
      for (let c = 0; c < found.columns; c++) {
        const loss =
          activation(input) - activation(changed((row, column) => row === r + top && column === c + left))
        for (let i = 0; i < want.length; i++)
          want[i]! +=
            loss *
            weight(r, Math.floor(i / found.columns), found.rows) *
            weight(c, i % found.columns, found.columns)
      }
    expect(apart(found.values, want)).toBeLessThan(1e-5)
    expect(apart(once.values, want)).toBeLessThan(1e-5)
  })

  it('say what comes from outside of the box, where statistics of the whole image count', async () => {
    const { claim, attributions, id } = attributed(squeezed, layerIndex(squeezed, 'excited'), 1, [5, 6])
    const found = await attributions.attribution(id, claim, 'integrated')
    attributions.forget()
    expect([found.rows, found.columns]).toEqual([3, 3])
    expect(Math.abs(found.elsewhere)).toBeGreaterThan(1e-4)
    // The unit is a polynomial of the second degree, which the midpoint rule integrates exactly.
    expect(sumOf(found.values) + found.elsewhere).toBeCloseTo(found.activation - found.atMean, 4)
  })
})

describe('occlusion', () => {
  it('is the mean loss over the squares that hide a pixel, however many are asked for at a time', async () => {
    const layer = layerIndex(rectified, 'second')
    const { claim, activation, attributions, id } = attributed(rectified, layer, 1, [0, 3])
    const first = await attributions.occlusion(id, claim, [], 5)
    const found = await attributions.occlusion(id, claim, first.losses, 1000)
    attributions.forget()
    expect([first.done, found.done, found.side]).toEqual([5, found.of, 1])
    // Squares of one pixel: each pixel is hidden by itself.
    const [top, left] = found.box
    for (let r = 0; r < found.rows; r++)
      for (let c = 0; c < found.columns; c++) {
        const loss =
          activation(input) - activation(changed((row, column) => row === r + top && column === c + left))
        expect(found.values[r * found.columns + c]).toBeCloseTo(loss, 5)
      }
  })
})

describe('the deletion test', () => {
  it.each<[string, Pair]>([
    ['second', [4, 3]],
    ['outputs', [0, 0]],
  ])('deletes pixels of the whole image: %s', async (name, unit) => {
    const layer = layerIndex(rectified, name)
    const { claim, activation, attributions, id } = attributed(rectified, layer, 0, unit)
    const { values, rows, columns, box } = await attributions.attribution(id, claim, 'integrated')
    const found = await attributions.deletionTest(id, claim, values)
    attributions.forget()
    const areaOf = (order: readonly number[]): number | null => {
      const after = deletedAfter(values.length, 16).map((count) => {
        const gone = new Set(order.slice(0, count))
        const isGone = (row: number, column: number): boolean =>
          row >= box[0] &&
          row < box[2] &&
          column >= box[1] &&
          column < box[3] &&
          gone.has((row - box[0]) * columns + column - box[1])
        return activation(changed(isGone))
      })
      return deletionArea(activation(input), after)
    }
    expect(found.attribution).toBeCloseTo(areaOf(strongestFirst(values, [rows, columns]))!, 4)
    expect(found.centreFirst).toBeCloseTo(areaOf(centreFirst([rows, columns]))!, 4)
  })
})

it('a claim that cannot be read leaves nothing behind, and the one before is known still', async () => {
  const layer = layerIndex(rectified, 'second')
  const { claim, attributions, id } = attributed(rectified, layer, 0, [2, 2])
  const before = await attributions.attribution(id, claim, 'integrated')
  const unreadable = { ...claim, picture: new File(['no picture'], 'no.png') }
  await expect(attributions.attribution(id + 1000, unreadable, 'gradient')).rejects.toThrow()
  // The picture is not looked at again.
  const again = await attributions.attribution(id, unreadable, 'integrated')
  attributions.forget()
  expect(again).toEqual(before)
})
