import { describe, expect, it } from 'vitest'
import { channelCount, elementCount, type Network } from '../../../src/core/model/network.ts'
import { onnxNetwork } from '../../../src/core/model/onnx/onnxNetwork.ts'
import { fedBy, type KernelSlices, layersToRead } from '../../../src/core/reasons/fedBy.ts'
import { channelNumbers, feedsOf, readingOf } from '../../../src/core/reasons/feeds.ts'
import { carriersOf, type LinearPart, linearPartOf } from '../../../src/core/reasons/lineage.ts'
import {
  chain,
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  networkOf,
  spec,
  supported,
} from '../../fixtures/kerasModels.ts'
import { ints, node, onnxModel, weights as seededWeights } from '../../fixtures/onnxWriter.ts'
import { seeded } from '../../fixtures/random.ts'

type Arrays = (layer: number) => Float32Array[]

/** A layer's arrays, random ones. */
function arraysOf(network: Network, seed: number): Arrays {
  const random = seeded(seed)
  const made = network.layers.map((layer) =>
    layer.op === null
      ? []
      : layer.weights.map(({ name, shape }) =>
          Float32Array.from({ length: elementCount(shape) }, () =>
            name === 'moving_variance' ? random.next() + 0.1 : random.next() * 2 - 1,
          ),
        ),
  )
  return (layer) => made[layer]!
}

function part(network: Network, name: string, channel: number): LinearPart {
  const found = linearPartOf(network, layerIndex(network, name), channel)
  if ('reason' in found) throw new Error(found.reason)
  return found
}

function names(network: Network, layers: readonly number[]): string[] {
  return layers.map((layer) => network.layers[layer]!.name)
}

function slice({ channels, rows, columns, weights }: KernelSlices, channel: number): number[] {
  const at = channels.indexOf(channel) * rows * columns
  return [...weights.subarray(at, at + rows * columns)]
}

const network = networkOf(
  keras3FunctionalJson([
    inputSpec([16, 12, 3]),
    spec('Conv2D', 'conv', { filters: 4, kernel_size: [3, 2] }, ['image']),
    spec('BatchNormalization', 'norm', {}, ['conv']),
    spec('ReLU', 'relu', {}, ['norm']),
    spec('MaxPooling2D', 'pool', { pool_size: 2 }, ['relu']),
    spec('Conv2D', 'left', { filters: 4, kernel_size: 3, padding: 'same', activation: 'relu' }, ['pool']),
    spec('Add', 'sum', {}, ['pool', 'left']),
    spec('DepthwiseConv2D', 'apart', { kernel_size: 3, depth_multiplier: 2 }, ['sum']),
    spec('Conv2D', 'grouped', { filters: 6, kernel_size: 1, groups: 2 }, ['sum']),
    spec('Concatenate', 'joined', { axis: -1 }, ['left', 'pool']),
    spec('Dropout', 'dropout', { rate: 0.5 }, ['joined']),
    spec('Conv2DTranspose', 'wide', { filters: 5, kernel_size: 2, strides: 2 }, ['dropout']),
    spec('Flatten', 'flat', {}, ['joined']),
    spec('Dense', 'dense', { units: 7, activation: 'softmax' }, ['flat']),
    spec('GlobalAveragePooling2D', 'mean', {}, ['sum']),
    spec('Dense', 'logits', { units: 3 }, ['mean']),
    spec('LayerNormalization', 'statistics', {}, ['sum']),
    spec('Multiply', 'product', {}, ['pool', 'left']),
  ]),
)
const arrays = arraysOf(network, 4)

describe('the sum that a channel comes from', () => {
  it('is found behind activations, normalizations and poolings, and is folded with what is affine in each channel', () => {
    const pooled = part(network, 'pool', 2)
    expect(pooled.sum).toEqual({ layer: layerIndex(network, 'conv'), channel: 2, way: 'kernel' })
    expect(names(network, pooled.folded)).toEqual(['norm'])
    expect(names(network, pooled.after)).toEqual(['relu', 'pool'])
  })

  it('is that of the same channel elsewhere, if numbers are only moved', () => {
    expect(part(network, 'dropout', 5).sum).toEqual({
      layer: layerIndex(network, 'conv'),
      channel: 1,
      way: 'kernel',
    })
    expect(part(network, 'joined', 3).sum).toMatchObject({ layer: layerIndex(network, 'left'), channel: 3 })
  })

  it('is nothing in the picture, behind statistics and in products of two results, for which a reason is given', () => {
    for (const [name, reason] of [
      ['image', /picture itself/],
      ['statistics', /statistic/],
      ['product', /multiplies/],
    ] as const)
      expect(linearPartOf(network, layerIndex(network, name), 0)).toEqual({
        reason: expect.stringMatching(reason) as string,
      })
  })

  it('may be a mean of one channel', () => {
    expect(part(network, 'mean', 1).sum).toMatchObject({ way: 'places', channel: 1 })
  })
})

describe('what a channel is fed by', () => {
  const slicesOf = (name: string, channel: number): KernelSlices[] => {
    const own = part(network, name, channel)
    const read = new Set(layersToRead(network, own))
    return fedBy(network, own, (layer) => (read.has(layer) ? arrays(layer) : []))
  }

  it('has the weights of a convolution, multiplied by the factor of the normalization behind it', () => {
    const [gamma, , , variance] = arrays(layerIndex(network, 'norm'))
    const [kernel] = arrays(layerIndex(network, 'conv'))
    const factor = gamma![2]! / Math.sqrt(variance![2]! + 1e-3)
    const [slices] = slicesOf('pool', 2)
    expect(slices).toMatchObject({ layer: 0, rows: 3, columns: 2, channels: Int32Array.of(0, 1, 2) })
    for (const from of [0, 1, 2]) {
      const expected = Array.from({ length: 6 }, (_, tap) => kernel![(tap * 3 + from) * 4 + 2]! * factor)
      for (const [i, weight] of slice(slices!, from).entries()) expect(weight).toBeCloseTo(expected[i]!, 6)
      expect(slices!.norms[from]).toBeCloseTo(Math.hypot(...expected), 6)
      expect(slices!.sums[from]).toBeCloseTo(
        expected.reduce((sum, weight) => sum + weight, 0),
        6,
      )
    }
  })

  it('is a list for each branch of what is joined, and for each term of a sum', () => {
    expect(
      slicesOf('wide', 0).map(({ layer, channels }) => [network.layers[layer]!.name, [...channels]]),
    ).toEqual([
      ['left', [0, 1, 2, 3]],
      ['pool', [0, 1, 2, 3]],
    ])
    expect(
      slicesOf('sum', 3).map(({ layer, channels, weights }) => [layer, [...channels], [...weights]]),
    ).toEqual([
      [layerIndex(network, 'pool'), [3], [1]],
      [layerIndex(network, 'left'), [3], [1]],
    ])
  })

  it('is its group only, or its one channel', () => {
    expect(slicesOf('grouped', 4).map(({ channels }) => [...channels])).toEqual([[2, 3]])
    expect(slicesOf('apart', 5).map(({ channels }) => [...channels])).toEqual([[2]])
  })

  it('has a map of weights, if a dense layer reads a map that was made flat', () => {
    const [left, pool] = slicesOf('dense', 6)
    const [kernel] = arrays(layerIndex(network, 'dense'))
    const [rows, columns] = supported(network, 'left').shape as [number, number, number]
    expect([left!.rows, left!.columns, pool!.layer]).toEqual([rows, columns, layerIndex(network, 'pool')])
    const weightAt = (place: number, c: number): number => kernel![(place * 8 + c) * 7 + 6]!
    expect(slice(left!, 1)).toEqual(Array.from({ length: rows * columns }, (_, place) => weightAt(place, 1)))
    expect(slice(pool!, 3)).toEqual(Array.from({ length: rows * columns }, (_, place) => weightAt(place, 7)))
  })

  it('is followed back to what computes it', () => {
    const carriers = carriersOf(network, { layer: layerIndex(network, 'pool'), channel: 3 })
    expect(
      names(
        network,
        carriers.map(({ layer }) => layer),
      ),
    ).toEqual(['pool', 'relu', 'norm', 'conv'])
  })
})

describe('what a channel feeds', () => {
  const feeds = (name: string, channel: number): Map<string, KernelSlices> => {
    const { readers, through } = readingOf(network, layerIndex(network, name))
    const numbers = channelNumbers(network, through)
    return new Map(
      readers.map((reader) => [
        network.layers[reader.layer]!.name,
        feedsOf(network, channel, numbers, reader, arrays),
      ]),
    )
  }

  it('are all sums behind it, through poolings, additions and what is joined', () => {
    const { readers, ends } = readingOf(network, layerIndex(network, 'conv'))
    expect(
      names(
        network,
        readers.map(({ layer }) => layer),
      ),
    ).toEqual(['left', 'apart', 'grouped', 'wide', 'dense', 'logits'])
    expect(
      names(
        network,
        ends.map(({ layer }) => layer),
      ),
    ).toEqual(['statistics', 'product'])
    expect(readingOf(network, layerIndex(network, 'logits'))).toMatchObject({ readers: [], ends: [] })
  })

  it('are, of tokens that are shown apart, those that read the tokens', () => {
    const model = onnxModel({
      inputs: { image: [1, 3, 9, 12] },
      nodes: [
        node('Conv', ['image', 'w'], 'stem', { strides: { ints: [3, 3] } }),
        node('Reshape', ['stem', 'flat'], 'rows'),
        node('Transpose', ['rows'], 'tokens', { perm: { ints: [0, 2, 1] } }),
        node('Concat', ['class', 'tokens'], 'all', { axis: { int: 1 } }),
        node('Relu', ['all'], 'act'),
        node('MatMul', ['act', 'wv'], 'values'),
      ],
      constants: {
        w: seededWeights(4, 3, 3, 3),
        wv: seededWeights(4, 5),
        flat: ints(1, 4, 12),
        class: seededWeights(1, 1, 4),
      },
    })
    const { network: tokens } = onnxNetwork(model, { inputSize: null })
    const own = arraysOf(tokens, 5)
    for (const name of ['act (patches)', 'act (class token)']) {
      const { readers, through, ends } = readingOf(tokens, layerIndex(tokens, name))
      expect([names(tokens, [readers[0]!.layer]), readers.length, ends], name).toEqual([['values'], 1, []])
      const found = feedsOf(tokens, 2, channelNumbers(tokens, through), readers[0]!, own)
      const [kernel] = own(readers[0]!.layer)
      const read = [...found.channels].map((out) => slice(found, out))
      expect(read, name).toEqual([0, 1, 2, 3, 4].map((out) => [kernel![2 * 5 + out]!]))
    }
  })

  it('are fed by it with the same weights', () => {
    let compared = 0
    for (const [source, channel] of [
      ['pool', 1],
      ['left', 2],
      ['sum', 3],
    ] as const)
      for (const [reader, found] of feeds(source, channel))
        for (const out of found.channels) {
          const own = part(network, reader, out)
          const back = fedBy(network, own, arrays).find(({ layer }) => network.layers[layer]!.name === source)
          if (!back) continue
          compared++
          expect(slice(found, out), `${source}/${channel} → ${reader}/${out}`).toEqual(slice(back, channel))
        }
    expect(compared).toBe(33)
  })

  it('are only those of its group', () => {
    expect([...feeds('sum', 3).get('grouped')!.channels]).toEqual([3, 4, 5])
    expect([...feeds('sum', 3).get('apart')!.channels]).toEqual([6, 7])
  })

  it('are folded with the normalization that alone reads them', () => {
    const simple = chain(
      [8, 8, 2],
      [
        spec('Conv2D', 'one', { filters: 3, kernel_size: 1 }),
        spec('Conv2D', 'two', { filters: 2, kernel_size: 1, use_bias: false }),
        spec('BatchNormalization', 'norm'),
        spec('ReLU', 'relu'),
      ],
    )
    const own = arraysOf(simple, 9)
    const { readers, through } = readingOf(simple, layerIndex(simple, 'one'))
    expect([names(simple, readers[0]!.folded), names(simple, readers[0]!.shown)]).toEqual([
      ['norm'],
      ['two', 'norm', 'relu'],
    ])
    const found = feedsOf(simple, 2, channelNumbers(simple, through), readers[0]!, own)
    const back = fedBy(simple, part(simple, 'relu', 1), own)[0]!
    expect(found.norms[1]).toBeCloseTo(back.norms[2]!, 12)
    expect(channelCount(simple.layers[readers[0]!.layer]!.op ? supported(simple, 'two').shape : [])).toBe(2)
  })
})
