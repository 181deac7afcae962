/** The weights of circuits, asked of a network that is open, and expanded ones against what an impulse does. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { elementCount, type Network } from '../../../src/core/model/network.ts'
import type { KernelSlices } from '../../../src/core/reasons/fedBy.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { channelExpanded, channelFedBy, channelFeeds } from '../../../src/engine/reasons/circuits.ts'
import { reasonsIn } from '../../../src/engine/reasons/unitReasons.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

beforeAll(() => startBackend('wasm'))

function opened(network: Network): TapNetwork {
  const random = seeded(6)
  const arrays = network.layers.map((layer) =>
    layer.op === null
      ? []
      : layer.weights.map(({ name, shape }) =>
          Float32Array.from({ length: elementCount(shape) }, () =>
            name === 'moving_variance' ? random.next() + 0.1 : random.next() * 2 - 1,
          ),
        ),
  )
  return new TapNetwork(network, (layer) => arrays[layer]!)
}

/** What one pixel of a channel, set to 1, adds to a unit. */
async function impulses(
  network: TapNetwork,
  layer: string,
  channel: number,
  unit: readonly [number, number],
) {
  const { inputShape, layers } = network.network
  const place = { layer: layers.findIndex(({ name }) => name === layer), channel, unit }
  const valueOf = async (input: Float32Array): Promise<number> =>
    (await reasonsIn(network, input, place))!.value
  const nothing = new Float32Array(elementCount(inputShape))
  const base = await valueOf(nothing)
  const found: { row: number; column: number; channel: number; weight: number }[] = []
  for (let element = 0; element < nothing.length; element++) {
    const weight = (await valueOf(nothing.with(element, 1))) - base
    const [, columns, channels] = inputShape
    const at = Math.floor(element / channels)
    if (Math.abs(weight) > 1e-7)
      found.push({
        row: Math.floor(at / columns),
        column: at % columns,
        channel: element % channels,
        weight,
      })
  }
  return found
}

/** The weights of a channel without the zeros around them, and all of them in order. */
function weightsOf({ channels, rows, columns, weights }: KernelSlices, channel: number): number[] {
  const at = channels.indexOf(channel) * rows * columns
  return [...weights.subarray(at, at + rows * columns)]
}

describe('expanded weights', () => {
  const linear = { activation: 'linear' }
  it.each([
    [
      'through two convolutions with a normalization between',
      chain(
        [13, 13, 2],
        [
          spec('Conv2D', 'first', { filters: 3, kernel_size: 3, ...linear }),
          spec('BatchNormalization', 'norm'),
          spec('Conv2D', 'second', { filters: 2, kernel_size: [3, 2], dilation_rate: 2 }),
        ],
      ),
    ],
    [
      'through a mean, with strides',
      chain(
        [17, 17, 2],
        [
          spec('Conv2D', 'first', { filters: 4, kernel_size: 3, strides: 2, groups: 2 }),
          spec('AveragePooling2D', 'pool', { pool_size: 2 }),
          spec('Conv2D', 'second', { filters: 2, kernel_size: 2 }),
        ],
      ),
    ],
    [
      'through both branches of an addition',
      networkOf(
        keras3FunctionalJson([
          inputSpec([9, 9, 2]),
          spec('Conv2D', 'first', { filters: 3, kernel_size: 3, padding: 'same' }, ['image']),
          spec('Conv2D', 'other', { filters: 3, kernel_size: 1 }, ['image']),
          spec('Subtract', 'sum', {}, ['first', 'other']),
          spec('Conv2D', 'second', { filters: 2, kernel_size: 3 }, ['sum']),
        ]),
      ),
    ],
  ])('are what an impulse adds: %s', async (_, network) => {
    const tapped = opened(network)
    const { shape } = network.layers[layerIndex(network, 'second')] as { shape: readonly number[] }
    const unit = [Math.floor(shape[0]! / 2), Math.floor(shape[1]! / 2)] as const
    const found = await impulses(tapped, 'second', 1, unit)
    const expanded = await channelExpanded(tapped, layerIndex(network, 'second'), 1)
    const [first] = found
    for (const channel of [0, 1]) {
      // What lies over the same place through several layers adds up.
      const grids = expanded.flatMap(({ slices }) => slices)
      const [rows, columns] = [
        Math.max(...grids.map((grid) => grid.rows)),
        Math.max(...grids.map((grid) => grid.columns)),
      ]
      const sum = Array<number>(rows * columns).fill(0)
      for (const grid of grids) {
        const [top, left] = [(rows - grid.rows) / 2, (columns - grid.columns) / 2]
        for (const [i, weight] of weightsOf(grid, channel).entries())
          sum[(top + Math.floor(i / grid.columns)) * columns + left + (i % grid.columns)]! += weight
      }
      const own = found.filter((one) => one.channel === channel)
      const [top, left] = [
        Math.min(...found.map(({ row }) => row)),
        Math.min(...found.map(({ column }) => column)),
      ]
      expect(own.length).toBeGreaterThan(3)
      const expected = Array<number>(rows * columns).fill(0)
      for (const { row, column, weight } of own) expected[(row - top) * columns + column - left] = weight
      for (const [i, weight] of expected.entries()) expect(sum[i], `${channel}: ${i}`).toBeCloseTo(weight, 4)
    }
    expect(first).toBeDefined()
    tapped.dispose()
  })

  it('are none before the first convolution, and none of a dense layer that reads a whole map', async () => {
    const network = chain(
      [6, 6, 2],
      [
        spec('Conv2D', 'first', { filters: 3, kernel_size: 3 }),
        spec('Flatten', 'flat'),
        spec('Dense', 'dense', { units: 2 }),
      ],
    )
    const tapped = opened(network)
    for (const name of ['image', 'first', 'dense'])
      expect(await channelExpanded(tapped, layerIndex(network, name), 0)).toEqual([])
    tapped.dispose()
  })
})

it('what is asked of a network leaves nothing behind', async () => {
  const network = chain(
    [8, 8, 2],
    [
      spec('Conv2D', 'first', { filters: 3, kernel_size: 3, activation: 'relu' }),
      spec('MaxPooling2D', 'pool', { pool_size: 2 }),
      spec('Conv2D', 'second', { filters: 2, kernel_size: 2 }),
    ],
  )
  const tapped = opened(network)
  const { numTensors } = tf.memory()
  const fed = await channelFedBy(tapped, layerIndex(network, 'second'), 1)
  expect(fed!.slices.map(({ layer, channels }) => [network.layers[layer]!.name, channels.length])).toEqual([
    ['pool', 3],
  ])
  expect(await channelFedBy(tapped, 0, 1)).toBeNull()
  const feeds = await channelFeeds(tapped, layerIndex(network, 'first'), 2)
  expect(feeds.readers.map(({ slices }) => slices.channels.length)).toEqual([2])
  expect(tf.memory().numTensors).toBe(numTensors)
  tapped.dispose()
})

it('a unit behind a maximum is that of the first largest number, and a unit in a margin is none', async () => {
  const network = chain(
    [6, 6, 1],
    [
      spec('Conv2D', 'conv', { filters: 1, kernel_size: 1, use_bias: false, activation: 'relu' }),
      spec('MaxPooling2D', 'pool', { pool_size: 3 }),
      spec('ZeroPadding2D', 'margin', { padding: 1 }),
    ],
  )
  const tapped = new TapNetwork(network, () => [Float32Array.of(2)])
  const input = new Float32Array(36)
  for (const place of [1 * 6 + 4, 2 * 6 + 3]) input[place] = 5
  const at = async (name: string, unit: readonly [number, number]) =>
    reasonsIn(tapped, input, { layer: layerIndex(network, name), channel: 0, unit })
  expect(await at('pool', [0, 1])).toMatchObject({
    value: 10,
    unit: [1, 4],
    after: [{ value: 10 }, { value: 10 }],
  })
  expect(await at('margin', [1, 2])).toMatchObject({ value: 10, unit: [1, 4] })
  expect(await at('margin', [0, 0])).toBeNull()
  tapped.dispose()
})
