/** All layers' summaries from chains of layers are those from one layer after the other, to the bit. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import type { ChannelSummary } from '../../../src/core/scan/channelSummary.ts'
import { elementCount, type SupportedLayer } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import {
  type Convolutions,
  withConvolutions,
} from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { chainOnWasm } from '../../../src/engine/backend/kernels/channelExtremesWasm.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import { reduceChannels } from '../../../src/engine/scan/reduceChannels.ts'
import { summarizeTaps } from '../../../src/engine/scan/summarizeTaps.ts'
import { inputSpec, keras3FunctionalJson, layerIndex, networkOf, spec } from '../../fixtures/kerasModels.ts'
import { type Random, seeded } from '../../fixtures/random.ts'

/** Chains of all kinds: behind the image, after which something else reads it, on a sum, on a copy, on a vector. */
const network = networkOf(
  keras3FunctionalJson([
    inputSpec([19, 17, 3]),
    spec('BatchNormalization', 'first', {}, ['image']),
    spec('Conv2D', 'conv', { filters: 21, kernel_size: 3, padding: 'same' }, ['first']),
    spec('BatchNormalization', 'norm', {}, ['conv']),
    spec('ReLU', 'relu6', { max_value: 6 }, ['norm']),
    spec('DepthwiseConv2D', 'deep', { kernel_size: 3, padding: 'same' }, ['relu6']),
    spec('Dropout', 'copy', { rate: 0.5 }, ['deep']),
    spec('BatchNormalization', 'read twice', { scale: false }, ['copy']),
    spec('ReLU', 'relu', {}, ['read twice']),
    spec('Add', 'sum', {}, ['relu', 'read twice']),
    spec('ReLU', 'of sum', {}, ['sum']),
    spec('Conv2D', 'small', { filters: 70, kernel_size: 3, strides: 3 }, ['of sum']),
    spec('BatchNormalization', 'last norm', { center: false }, ['small']),
    spec('GlobalAveragePooling2D', 'pooled', {}, ['last norm']),
    spec('BatchNormalization', 'of vector', {}, ['pooled']),
    spec('ReLU', 'end', {}, ['of vector']),
  ]),
)

function weightsFor(random: Random): (layer: number) => Float32Array[] {
  return (layer) =>
    (network.layers[layer] as SupportedLayer).weights.map(({ name, shape }) => {
      const fan = name.includes('kernel') ? elementCount(shape.slice(0, -1)) : 1
      return Float32Array.from({ length: elementCount(shape) }, () =>
        name.includes('variance') ? 0.2 + random.next() : (random.next() * 3.4 - 1.7) / Math.sqrt(fan),
      )
    })
}

type Summaries = Map<number, ChannelSummary>

/** Runs now, without waiting in between, as convolutions are chosen for the thread. */
type Run = (onSummary: (layer: number, summary: Promise<ChannelSummary>) => void) => void

async function summariesOf(
  taps: ReadonlySet<number>,
  convolutions: Convolutions,
  run: Run,
): Promise<Summaries> {
  const readings = new Map<number, Promise<ChannelSummary>>()
  withConvolutions(convolutions, () => run((layer, summary) => readings.set(layer, summary)))
  const found: Summaries = new Map()
  for (const layer of taps) found.set(layer, await readings.get(layer)!)
  return found
}

const all = new Set(network.layers.keys())
const images = (random: Random, spoilt = false): tf.Tensor4D =>
  tf.tensor4d(
    // Few values, so that there are ties.
    Float32Array.from({ length: 2 * elementCount(network.inputShape) }, (_, i) =>
      spoilt && i === 500 ? Infinity : random.int(0, 3) / 2,
    ),
    [2, ...network.inputShape],
  )

describe.each(['wasm', 'webgl'] as const)('on %s', (backend) => {
  beforeAll(async () => {
    await startBackend(backend)
  })

  it.each<[Convolutions, boolean]>([
    ['fast', false],
    ['direct', false],
    ['tfjs', false],
    ['fast', true],
  ])('with %s convolutions, an infinite number: %s', async (convolutions, spoilt) => {
    const random = seeded(12)
    const model = new TapNetwork(network, weightsFor(random))
    const image = images(random, spoilt)
    const { numTensors } = tf.memory()
    const some = new Set(['conv', 'norm', 'of sum', 'end'].map((name) => layerIndex(network, name)))
    for (const taps of [all, some]) {
      const found = await summariesOf(taps, convolutions, (onSummary) =>
        summarizeTaps(model, image, taps, onSummary),
      )
      const expected = await summariesOf(taps, convolutions, (onSummary) =>
        model.run(image, taps, (layer, output) =>
          onSummary(
            layer,
            reduceChannels(output, (tensor) => model.read(tensor)),
          ),
        ),
      )
      for (const layer of taps)
        expect(found.get(layer), network.layers[layer]!.name).toEqual(expected.get(layer))
    }
    expect(tf.memory().numTensors).toBe(numTensors)
    model.dispose()
    image.dispose()
  })
})

it('does most layers of the network in chains', async () => {
  await startBackend('wasm')
  const random = seeded(12)
  const model = new TapNetwork(network, weightsFor(random))
  const image = images(random)
  const single: string[] = []
  model.run(
    image,
    all,
    (layer) => single.push(network.layers[layer]!.name),
    (_, output, chain) => chainOnWasm(output, chain)?.output ?? null,
  )
  expect(single).toEqual(['deep', 'relu'])
  model.dispose()
  image.dispose()
})
