import { describe, expect, it } from 'vitest'
import { packedWeightBytes, peakActivationBytes } from '../../../src/core/model/memory.ts'
import type { Network } from '../../../src/core/model/network.ts'
import { readerCounts } from '../../../src/core/model/readers.ts'
import {
  chain,
  exerciseNetwork,
  keras3FunctionalJson,
  inputSpec,
  layerIndex,
  networkOf,
  spec,
} from '../../fixtures/kerasModels.ts'

const conv = (name: string, filters: number, inputs: readonly string[] = [], kernel = 3) =>
  spec('Conv2D', name, { filters, kernel_size: kernel, padding: 'same' }, inputs)
const plain = { windows: false }

describe('peakActivationBytes', () => {
  it('counts the batch, the inputs of the widest layer, and its output twice', () => {
    const network = chain([10, 10, 3], [conv('a', 4), conv('b', 8), conv('c', 1)])
    const units = (channels: number): number => 100 * channels * 4
    expect(peakActivationBytes(network, [1], plain)).toBe(units(3 + 3 + 2 * 4))
    expect(peakActivationBytes(network, [2], plain)).toBe(units(3 + 4 + 2 * 8))
    // After the widest layer only its map, which is still read, is held.
    expect(peakActivationBytes(network, [3], plain)).toBe(units(3 + 4 + 2 * 8))
  })

  it('does not hold a map for its tap, which has reduced it at once', () => {
    const network = chain([10, 10, 3], [conv('a', 8), conv('b', 2), conv('c', 2)])
    expect(peakActivationBytes(network, [1, 2, 3], plain)).toBe(peakActivationBytes(network, [3], plain))
  })

  it('holds what a branch still needs', () => {
    const network = networkOf(
      keras3FunctionalJson([
        inputSpec([10, 10, 1]),
        conv('wide', 50, ['image']),
        conv('left', 1, ['wide']),
        conv('more', 1, ['left']),
        conv('right', 1, ['wide']),
        spec('Add', 'sum', {}, ['more', 'right']),
      ]),
    )
    const units = (channels: number): number => 100 * channels * 4
    // `wide` is held for `right` while `left` and `more` are computed.
    expect(peakActivationBytes(network, [layerIndex(network, 'more')], plain)).toBe(units(1 + 1 + 2 * 50))
    expect(peakActivationBytes(network, [layerIndex(network, 'sum')], plain)).toBe(units(1 + 1 + 2 * 50))
    const narrow = layerIndex(network, 'wide')
    expect(readerCounts(network, [narrow, layerIndex(network, 'sum')]).get(narrow)).toBe(3)
  })

  it('adds the windows of convolutions of more than one pixel', () => {
    const windows = { windows: true }
    const three = chain([10, 10, 3], [conv('a', 4)])
    const one = chain([10, 10, 3], [conv('a', 4, [], 1)])
    expect(peakActivationBytes(three, [1], windows)).toBe(
      peakActivationBytes(three, [1], plain) + 9 * 3 * 400,
    )
    expect(peakActivationBytes(one, [1], windows)).toBe(peakActivationBytes(one, [1], plain))
  })

  it("is 3.4 MB an image for the exercise's network", () => {
    const network = exerciseNetwork()
    // conv2d_1: 94×94×32 in, 92×92×32 out.
    const expected = 4 * (96 * 96 * 3 + 94 * 94 * 32 + 2 * 92 * 92 * 32)
    expect(peakActivationBytes(network, [layerIndex(network, 'conv2d_5')], plain)).toBe(expected)
  })
})

describe('packedWeightBytes', () => {
  const network = networkOf(
    keras3FunctionalJson([
      inputSpec([20, 20, 16]),
      conv('winograd', 32, ['image']),
      spec('DepthwiseConv2D', 'depthwise', { kernel_size: 3 }, ['winograd']),
      conv('point', 8, ['depthwise'], 1),
      conv('aside', 8, ['depthwise'], 1),
    ]),
  )
  const bytes = (name: string, ours: boolean): number =>
    packedWeightBytes(network, [layerIndex(network, name)], { ours })
  const [winograd, depthwise, point] = [9 * 16 * 32 + 32, 9 * 32 + 32, 32 * 8 + 8]

  it('counts what each kernel of ours reads', () => {
    expect(bytes('winograd', true)).toBe(4 * 4 * winograd)
    expect(bytes('depthwise', true)).toBe(4 * 4 * winograd)
    expect(bytes('point', true)).toBe(4 * (4 * winograd + point))
  })

  it('counts a copy of all weights for kernels of tfjs', () => {
    expect(bytes('point', false)).toBe(4 * (winograd + depthwise + point))
  })

  it('counts weights that layers share once', () => {
    const [first, second] = [layerIndex(network, 'point'), layerIndex(network, 'aside')]
    const layers = network.layers.map((layer, i) =>
      i === second ? { ...layer, sharesWeightsOf: first } : layer,
    ) as Network['layers']
    expect(packedWeightBytes({ ...network, layers }, [first, second], { ours: true })).toBe(
      bytes('point', true),
    )
  })
})
