/** Passes that are prepared give what each layer on its own gives, whatever is folded for their taps. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { foldedSteps } from '../../../src/core/model/folding/steps.ts'
import { elementCount, type Network, type SupportedLayer } from '../../../src/core/model/network.ts'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import {
  type Convolutions,
  chooseConvolutions,
} from '../../../src/engine/backend/kernels/convolution/choice.ts'
import { packWinograd } from '../../../src/engine/backend/kernels/convolution/winogradProgram.ts'
import { TapNetwork } from '../../../src/engine/model/tapNetwork.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  type LayerSpec,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'
import { heldBytes } from '../../fixtures/heldBytes.ts'
import { type Random, seeded } from '../../fixtures/random.ts'

vi.mock(import('../../../src/engine/backend/kernels/convolution/winogradProgram.ts'), { spy: true })

/** Relative to a layer's largest value. */
const tolerance = 5e-6

const between = (random: Random, low: number, high: number): number => low + random.next() * (high - low)
const chance = (random: Random, share: number): boolean => random.next() < share

interface Place {
  readonly name: string
  readonly size: number
  readonly channels: number
}

/** Some layers behind one another and beside one another, of all kinds that are folded, that take something in, or do not. */
function randomNetwork(random: Random, count: number): Network {
  const layers: LayerSpec[] = [inputSpec([18, 18, 4])]
  const maps: Place[] = [{ name: 'image', size: 18, channels: 4 }]
  for (let i = 0; i < count; i++) {
    const from = chance(random, 0.85) ? maps.at(-1)! : random.pick(maps)
    const name = `layer${i}`
    const add = (
      className: string,
      config: object,
      to: Partial<Place> = {},
      others: readonly string[] = [],
    ): void => {
      layers.push(spec(className, name, { ...config }, [from.name, ...others]))
      maps.push({ ...from, ...to, name })
    }
    const padding = random.pick(['same', 'same', 'valid'])
    const cut = padding === 'valid' && from.size > 8 ? 2 : 0
    const window = { kernel_size: 3, padding: cut > 0 ? 'valid' : 'same' }
    const activation = random.pick(['linear', 'linear', 'linear', 'relu', 'swish'])
    const channels = random.pick([8, 16, 20])
    const similar = maps.find(
      (map) => map !== from && map.size === from.size && map.channels === from.channels,
    )
    switch (random.int(0, 14)) {
      case 0:
      case 1:
      case 12:
        add('Conv2D', { filters: channels, ...window, activation }, { size: from.size - cut, channels })
        break
      case 2:
        add('Conv2D', { filters: channels, kernel_size: 1, groups: random.pick([1, 2, 4]) }, { channels })
        break
      case 3:
        add('DepthwiseConv2D', { ...window, activation }, { size: from.size - cut })
        break
      case 4:
        add('SeparableConv2D', { filters: channels, ...window }, { size: from.size - cut, channels })
        break
      case 5:
        add('Conv2DTranspose', { filters: channels, kernel_size: 3, padding: 'same' }, { channels })
        break
      case 6:
      case 7:
      case 13:
        add('BatchNormalization', { scale: chance(random, 0.7), center: chance(random, 0.7) })
        break
      case 8:
        add('Rescaling', { scale: 1.5, offset: random.pick([0, 0.5]) })
        break
      case 9:
        add('Activation', {
          activation: random.pick(['relu', 'relu6', 'swish', 'hard_sigmoid', 'tanh', 'leaky_relu']),
        })
        break
      case 10:
        add('Dropout', { rate: 0.5 })
        break
      default:
        if (similar) add('Add', {}, {}, [similar.name])
        else add('MaxPooling2D', { pool_size: 3, strides: 1, padding: 'same' })
    }
  }
  return networkOf(keras3FunctionalJson(layers))
}

/** Weights that keep the size of activations; statistics as after training. */
function weightsFor(network: Network, random: Random): (layer: number) => Float32Array[] {
  const made = network.layers.map((layer) =>
    (layer as SupportedLayer).weights.map(({ name, shape }) => {
      const fan = name.includes('kernel') ? elementCount(shape.slice(0, -1)) : 1
      const value = (): number => {
        if (name.includes('variance')) return between(random, 0.2, 3)
        if (name === 'gamma') return chance(random, 0.1) ? 0 : between(random, -2, 2)
        return between(random, -1.7, 1.7) / Math.sqrt(fan)
      }
      return Float32Array.from({ length: elementCount(shape) }, value)
    }),
  )
  return (layer) => made[layer]!
}

type Outputs = Map<number, Float32Array>

function run(model: TapNetwork, image: tf.Tensor, taps: ReadonlySet<number>): Outputs {
  const outputs: Outputs = new Map()
  model.run(image, taps, (layer, output) => outputs.set(layer, output.dataSync<'float32'>().slice()))
  return outputs
}

function expectSame(found: Outputs, expected: Outputs, network: Network): void {
  expect([...found.keys()]).toEqual([...expected.keys()])
  for (const [layer, values] of expected) {
    const largest = values.reduce((max, value) => Math.max(max, Math.abs(value)), 1e-30)
    const error = values.reduce((max, value, i) => Math.max(max, Math.abs(value - found.get(layer)![i]!)), 0)
    expect(error / largest, network.layers[layer]!.name).toBeLessThan(tolerance)
  }
}

const picture = (network: Network, random: Random, images = 2): tf.Tensor4D =>
  tf.tensor4d(
    Float32Array.from({ length: images * elementCount(network.inputShape) }, () => between(random, -1, 1)),
    [images, ...network.inputShape],
  )

describe.each([
  ['wasm', 250],
  ['webgl', 8],
] as const)('on %s', (backend, count) => {
  beforeAll(async () => {
    await startBackend(backend)
    chooseConvolutions('fast')
  })

  it('random networks with random taps', async () => {
    const random = seeded(16)
    let folded = 0
    for (let n = 0; n < count; n++) {
      const network = randomNetwork(random, random.int(4, 14))
      const model = new TapNetwork(network, weightsFor(network, random))
      const image = picture(network, random)
      const before = tf.memory().numTensors
      const last = network.layers.length - 1
      for (const share of [0, 0.2, 0.6]) {
        const taps = new Set(
          [last, ...network.layers.keys()].filter((i) => i === last || chance(random, share)),
        )
        const expected = run(model, image, taps)
        await model.prepare(taps)
        expectSame(run(model, image, taps), expected, network)
        folded += foldedSteps(network, taps).filter(
          (step) => step.before.length + step.behind.length > 0,
        ).length
      }
      await model.prepare(new Set([0]))
      expect(tf.memory().numTensors).toBe(before)
      model.dispose()
      image.dispose()
    }
    expect(folded).toBeGreaterThan(count)
  })
})

describe('a prepared pass on WASM', () => {
  beforeAll(async () => {
    await startBackend('wasm')
    chooseConvolutions('fast')
  })

  const normed = (more: LayerSpec[] = []): Network =>
    chain(
      [12, 12, 3],
      [
        spec('Conv2D', 'conv', { filters: 16, kernel_size: 3 }),
        spec('BatchNormalization', 'norm'),
        spec('ReLU', 'relu'),
        ...more,
      ],
    )

  it('holds tensors of its own until another is prepared, and frees all with the network', async () => {
    const network = normed([
      spec('DepthwiseConv2D', 'deep', { kernel_size: 3 }),
      spec('BatchNormalization', 'last'),
    ])
    const atFirst = tf.memory().numTensors
    const model = new TapNetwork(network, weightsFor(network, seeded(3)))
    const whole = tf.memory().numTensors
    const last = new Set([layerIndex(network, 'last')])
    await model.prepare(last)
    // A bias of each convolution, and the filters of the depthwise one; those of the other are folded when they are packed.
    expect(tf.memory().numTensors).toBe(whole + 3)
    await model.prepare(last)
    expect(tf.memory().numTensors).toBe(whole + 3)
    await model.prepare(new Set([layerIndex(network, 'norm')]))
    expect(tf.memory().numTensors).toBe(whole + 1)
    await Promise.all([model.prepare(last), model.prepare(new Set([1])), model.prepare(last)])
    expect(tf.memory().numTensors).toBe(whole + 3)
    model.dispose()
    expect(tf.memory().numTensors).toBe(atFirst)
  })

  it('packs each filter once: what was packed for other taps is freed', async () => {
    const network = normed([
      spec('Conv2D', 'second', { filters: 64, kernel_size: 3 }),
      spec('BatchNormalization', 'last'),
    ])
    const model = new TapNetwork(network, weightsFor(network, seeded(4)))
    const image = picture(network, seeded(4))
    const held = heldBytes()
    const all = new Set(network.layers.keys())
    const last = new Set([layerIndex(network, 'last')])
    const after = async (taps: ReadonlySet<number>): Promise<number> => {
      await model.prepare(taps)
      run(model, image, taps)
      return held.bytes()
    }
    const single = await after(all)
    // Winograd's 36 for each pair of channels.
    expect(single).toBeGreaterThan(36 * 16 * 64 * 4)
    const folded = await after(last)
    // In the place of the statistics there are tables and a bias.
    expect(folded / single).toBeLessThan(1.05)
    expect((await after(all)) / single).toBeLessThan(1.05)
    expect(await after(last)).toBe(folded)
    model.dispose()
    image.dispose()
    held.stop()
  })

  it('shares what passes for other taps fold in the same way, also with one that is soon gone', async () => {
    const network = normed([
      spec('Conv2D', 'second', { filters: 64, kernel_size: 3 }),
      spec('BatchNormalization', 'last'),
      spec('Conv2D', 'third', { filters: 16, kernel_size: 3 }),
      spec('BatchNormalization', 'end'),
    ])
    const weights = weightsFor(network, seeded(9))
    const [model, other] = [new TapNetwork(network, weights), new TapNetwork(network, weights)]
    const image = picture(network, seeded(9))
    const taps = (name: string): ReadonlySet<number> => new Set([layerIndex(network, name)])
    const packedNow = (): number => vi.mocked(packWinograd).mock.calls.length
    await model.prepare(taps('end'))
    const end = run(model, image, taps('end'))
    const held = tf.memory().numTensors
    let before = packedNow()
    await model.withPrepared(taps('last'), () => run(model, image, taps('last')))
    expect(packedNow()).toBe(before)
    expect(run(model, image, taps('end'))).toEqual(end)
    expect([packedNow(), tf.memory().numTensors]).toEqual([before, held])

    await model.prepare(taps('last'))
    const last = run(model, image, taps('last'))
    expect(packedNow()).toBe(before)
    await other.prepare(taps('last'))
    expect(last).toEqual(run(other, image, taps('last')))

    // Only the third one was freed.
    await model.prepare(taps('end'))
    before = packedNow()
    expect(run(model, image, taps('end'))).toEqual(end)
    expect(packedNow()).toBe(before + 1)
    model.dispose()
    other.dispose()
    image.dispose()
  })

  it('runs for other taps, and with the reference kernels, as if nothing was prepared', async () => {
    const network = normed()
    const random = seeded(5)
    const model = new TapNetwork(network, weightsFor(network, random))
    const image = picture(network, random)
    const last = new Set([3])
    const alone = (convolutions: Convolutions): Outputs => {
      chooseConvolutions(convolutions)
      return run(model, image, last)
    }
    const before = (['tfjs', 'direct', 'fast'] as const).map(alone)
    const both = run(model, image, new Set([2, 3]))
    await model.prepare(last)
    expect(alone('tfjs')).toEqual(before[0])
    expect(alone('direct')).toEqual(before[1])
    expect(alone('fast')).not.toEqual(before[2])
    expect(run(model, image, new Set([2, 3]))).toEqual(both)
    model.dispose()
    image.dispose()
  })

  it('leaves a batch normalization as it is that would make weights overflow, and shows what is no number', async () => {
    const network = normed()
    const random = seeded(6)
    const weights = weightsFor(network, random)
    const image = picture(network, random)
    const last = new Set([3])
    for (const [array, number] of [
      [0, NaN],
      [1, Infinity],
      [3, -1],
      [0, 1e33],
    ] as const) {
      const model = new TapNetwork(network, (layer) =>
        weights(layer).map((values, i) => (layer === 2 && i === array ? values.with(5, number) : values)),
      )
      const expected = run(model, image, last)
      await model.prepare(last)
      expect(run(model, image, last)).toEqual(expected)
      model.dispose()
    }
    image.dispose()
  })

  it('gives the same bits whatever the size of the pass', async () => {
    const network = normed([
      spec('Conv2D', 'second', { filters: 16, kernel_size: 3, padding: 'same' }),
      spec('BatchNormalization', 'last'),
    ])
    const random = seeded(8)
    const model = new TapNetwork(network, weightsFor(network, random))
    const image = picture(network, random, 3)
    const last = layerIndex(network, 'last')
    await model.prepare(new Set([last]))
    const all = run(model, image, new Set([last])).get(last)!
    for (let n = 0; n < 3; n++) {
      const one = tf.slice(image, n, 1)
      const length = all.length / 3
      expect(run(model, one, new Set([last])).get(last)).toEqual(all.slice(n * length, (n + 1) * length))
      one.dispose()
    }
    model.dispose()
    image.dispose()
  })
})
