import { describe, expect, it } from 'vitest'
import { cosinesOf, kernelBehind, signsOf } from '../../../src/core/model/kernelDirections.ts'
import { channelCount, elementCount, type Network } from '../../../src/core/model/network.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
  supported,
} from '../../fixtures/kerasModels.ts'
import { seeded } from '../../fixtures/random.ts'

/** A layer's arrays, random ones. */
function arraysOf(network: Network, seed: number): (layer: number) => Float32Array[] {
  const random = seeded(seed)
  const made = network.layers.map((layer) =>
    layer.op === null
      ? []
      : layer.weights.map(({ name, shape }) =>
          // A variance is positive.
          Float32Array.from({ length: elementCount(shape) }, () =>
            name === 'moving_variance' ? random.next() + 0.1 : random.next() * 2 - 1,
          ),
        ),
  )
  return (layer) => made[layer]!
}

function cosines(network: Network, name: string, channel: number, arrays: (layer: number) => Float32Array[]) {
  const index = layerIndex(network, name)
  const behind = kernelBehind(network, index)!
  const channels = channelCount(supported(network, name).shape)
  const signs = signsOf(network, behind, arrays, channels)
  return cosinesOf(arrays(behind.layer)[0]!, behind.layout, signs, channel)
}

/** The kernel of a channel as a vector; `axis` counts the channels in the kernel's shape. */
function vector(kernel: Float32Array, shape: readonly number[], axis: number, channel: number): number[] {
  const inner = elementCount(shape.slice(axis + 1))
  return [...kernel].filter((_, i) => channel === Math.floor(i / inner) % shape[axis]!)
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]): number =>
    x.reduce((sum, one, i) => sum + one * y[i]!, 0)
  return dot(a, b) / Math.sqrt(dot(a, a)) / Math.sqrt(dot(b, b))
}

const network = chain(
  [9, 8, 3],
  [
    spec('Conv2D', 'conv', { filters: 6, kernel_size: [3, 2] }),
    spec('BatchNormalization', 'norm'),
    spec('ReLU', 'relu'),
    spec('Conv2DTranspose', 'transposed', { filters: 5, kernel_size: [2, 3] }),
    spec('Conv2D', 'grouped', { filters: 10, kernel_size: 1, groups: 5 }),
    spec('Dropout', 'dropout', { rate: 0.5 }),
    spec('Flatten', 'flatten'),
    spec('Dense', 'dense', { units: 7 }),
    spec('Activation', 'softmax', { activation: 'softmax' }),
  ],
)

describe('how alike kernels are', () => {
  const arrays = arraysOf(network, 1)

  it.each([
    ['conv', 3],
    ['transposed', 2],
    ['dense', 1],
  ])('is the cosine of them as vectors: %s', (name, axis) => {
    const { weights, shape } = supported(network, name)
    const [kernel] = arrays(layerIndex(network, name))
    const of = (channel: number): number[] => vector(kernel!, weights[0]!.shape, axis, channel)
    const found = cosines(network, name, 2, arrays)
    expect(found).toHaveLength(channelCount(shape))
    for (const [c, value] of found.entries()) expect(value).toBeCloseTo(cosine(of(2), of(c)), 12)
    expect(Math.max(...found)).toBeLessThanOrEqual(1)
  })

  it('is told of the layers that follow channel by channel, and turned around with a negative factor', () => {
    const [gamma] = arrays(layerIndex(network, 'norm'))
    const plain = cosines(network, 'conv', 4, arrays)
    const expected = plain.map((value, c) => value * Math.sign(gamma![c]!) * Math.sign(gamma![4]!))
    expect(expected).not.toEqual(plain)
    for (const name of ['norm', 'relu']) expect(cosines(network, name, 4, arrays)).toEqual(expected)
    gamma![1] = 0
    expect(cosines(network, 'relu', 4, arrays)[1]).toBeNaN()
  })

  it('is not known of other groups, which see other inputs', () => {
    const found = cosines(network, 'grouped', 5, arrays)
    expect([...found.keys()].filter((c) => !Number.isNaN(found[c]!))).toEqual([4, 5])
  })

  it('is not known of a kernel of zeros', () => {
    const kernel = Float32Array.of(1, 0, 2, 3, 0, -1)
    const layout = { index: 0, depth: 2, groups: 1, channels: 3, channelsFirst: false }
    const found = cosinesOf(kernel, layout, Int8Array.of(1, 1, 1), 0)
    expect(found[1]).toBeNaN()
    expect(found[2]).toBeCloseTo((2 - 3) / Math.sqrt(10) / Math.sqrt(5), 12)
  })

  it('has no meaning where channels are not those of a kernel', () => {
    const joined = networkOf(
      keras3FunctionalJson([
        inputSpec([8, 8, 3]),
        spec('Conv2D', 'a', { filters: 4, kernel_size: 1 }, ['image']),
        spec('Conv2D', 'b', { filters: 4, kernel_size: 1 }, ['image']),
        spec('Add', 'sum', {}, ['a', 'b']),
        spec('ReLU', 'behind', {}, ['sum']),
        spec('MaxPooling2D', 'pool', { pool_size: 2 }, ['a']),
        spec('DepthwiseConv2D', 'depthwise', { kernel_size: 3 }, ['b']),
      ]),
    )
    for (const name of ['image', 'sum', 'behind', 'pool', 'depthwise'])
      expect(kernelBehind(joined, layerIndex(joined, name)), name).toBeNull()
    for (const name of ['flatten', 'softmax'])
      expect(kernelBehind(network, layerIndex(network, name)), name).toBeNull()
  })
})
