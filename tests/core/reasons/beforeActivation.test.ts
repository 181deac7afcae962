import { expect, it } from 'vitest'
import type { SupportedLayer } from '../../../src/core/model/network.ts'
import { beforeActivation } from '../../../src/core/reasons/beforeActivation.ts'
import { inputSpec, keras3FunctionalJson, networkOf, spec } from '../../fixtures/kerasModels.ts'

const network = networkOf(
  keras3FunctionalJson([
    inputSpec([8, 8, 3]),
    spec('Conv2D', 'conv', { filters: 4, kernel_size: 3, activation: 'relu' }, ['image']),
    spec('BatchNormalization', 'normalized', {}, ['conv']),
    spec('ReLU', 'activated', {}, ['normalized']),
    spec('Dropout', 'dropped', { rate: 0.5 }, ['activated']),
    spec('MaxPooling2D', 'pooled', { pool_size: 2 }, ['dropped']),
    spec('Flatten', 'flat', {}, ['pooled']),
    spec('Dense', 'dense', { units: 3, activation: 'softmax' }, ['flat']),
  ]),
)
const indexOf = (name: string): number => network.layers.findIndex((layer) => layer.name === name)

it('is the same layer with a linear end if it has an activation of its own', () => {
  for (const name of ['conv', 'dense']) {
    const layer = indexOf(name)
    const before = beforeActivation(network, layer)
    expect(before.layer).toBe(layer)
    expect((before.network.layers[layer] as SupportedLayer).op).toMatchObject({
      activation: { fn: 'linear' },
    })
    expect(before.network.layers.filter((one, i) => one !== network.layers[i])).toHaveLength(1)
  }
})

it('is the layer before one that is nothing else, also through a dropout', () => {
  const normalized = { network, layer: indexOf('normalized') }
  expect(beforeActivation(network, indexOf('activated'))).toEqual(normalized)
  expect(beforeActivation(network, indexOf('dropped'))).toEqual(normalized)
})

it('is the layer itself if it ends in none', () => {
  for (const name of ['normalized', 'pooled'])
    expect(beforeActivation(network, indexOf(name))).toEqual({ network, layer: indexOf(name) })
})
