import { describe, expect, it } from 'vitest'
import { foldedSteps, singleSteps } from '../../../../src/core/model/folding/steps.ts'
import { tappedChains } from '../../../../src/core/model/folding/tappedChains.ts'
import type { Network } from '../../../../src/core/model/network.ts'
import {
  inputSpec,
  keras3FunctionalJson,
  layerIndex,
  type LayerSpec,
  networkOf,
  spec,
} from '../../../fixtures/kerasModels.ts'

const conv = (name: string, from: string) =>
  spec('Conv2D', name, { filters: 4, kernel_size: 3, padding: 'same' }, [from])
const norm = (name: string, from: string) => spec('BatchNormalization', name, {}, [from])
const relu = (name: string, from: string, config = {}) => spec('ReLU', name, config, [from])
const add = (name: string, ...from: string[]) => spec('Add', name, {}, from)

function graph(...layers: readonly LayerSpec[]): Network {
  return networkOf(keras3FunctionalJson([inputSpec([12, 12, 4]), ...layers]))
}

/** Each chain by the names of its layers, and its activation. */
function chains(network: Network, taps: readonly string[] | 'all', folded = false): string[] {
  const layers = taps === 'all' ? [...network.layers.keys()] : taps.map((name) => layerIndex(network, name))
  const steps = (folded ? foldedSteps : singleSteps)(network, layers)
  return [...tappedChains(steps, new Set(layers))].map(([first, chain]) => {
    expect(chain.layers[0]).toBe(first)
    const names = chain.layers.map((layer) => network.layers[layer]!.name)
    return [...names, chain.normalization ? 'normalized' : 'as it is', chain.activation].join(' ')
  })
}

describe('tappedChains', () => {
  it('puts a layer, its batch normalization and the activation of that together', () => {
    const network = graph(
      conv('a', 'image'),
      norm('b', 'a'),
      relu('c', 'b', { max_value: 6 }),
      conv('d', 'c'),
      relu('e', 'd'),
      norm('f', 'e'),
      relu('g', 'f'),
    )
    expect(chains(network, 'all')).toEqual([
      'a b c normalized relu6',
      'd e as it is relu',
      'f g as it is relu',
    ])
  })

  it('leaves out what nobody looks at, and what is folded', () => {
    const network = graph(conv('a', 'image'), norm('b', 'a'), relu('c', 'b'))
    expect(chains(network, ['a', 'b'])).toEqual(['a b normalized linear'])
    expect(chains(network, ['b', 'c'])).toEqual(['b c as it is relu'])
    expect(chains(network, ['a', 'c'])).toEqual([])
    expect(chains(network, ['a', 'c'], true)).toEqual([])
    expect(chains(network, ['b', 'c'], true)).toEqual(['b c as it is relu'])
  })

  it('ends where another layer reads a map, and at other activations', () => {
    const network = graph(
      conv('a', 'image'),
      norm('b', 'a'),
      relu('c', 'b'),
      add('d', 'b', 'c'),
      relu('e', 'd'),
      relu('f', 'e', { negative_slope: 0.1 }),
    )
    expect(chains(network, 'all')).toEqual(['a b normalized linear', 'd e as it is relu'])
  })

  it('does not take a layer that reads the same map twice', () => {
    const network = graph(conv('a', 'image'), add('b', 'a', 'a'), relu('c', 'b'))
    expect(chains(network, 'all')).toEqual(['b c as it is relu'])
  })
})
