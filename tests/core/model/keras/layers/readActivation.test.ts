import { describe, expect, it } from 'vitest'
import type { SupportedLayer } from '../../../../../src/core/model/network.ts'
import { chain, type Json, spec, supported } from '../../../../fixtures/kerasModels.ts'

/** A network of one layer, for images of 10 rows, 12 columns and 3 channels. */
function only(className: string, config: Json = {}, kerasMajor = 3): SupportedLayer {
  return supported(chain([10, 12, 3], [spec(className, 'it', config)], kerasMajor), 'it')
}

describe('activations', () => {
  it.each([
    ['ReLU', {}, { fn: 'relu' }],
    ['ReLU', { max_value: 6, negative_slope: 0, threshold: 0 }, { fn: 'relu6' }],
    ['ReLU', { max_value: 4.5 }, { fn: 'general_relu', max: 4.5, slope: 0, threshold: 0 }],
    ['LeakyReLU', { negative_slope: 0.1 }, { fn: 'leaky_relu', slope: 0.1 }],
    ['LeakyReLU', { alpha: 0.2 }, { fn: 'leaky_relu', slope: 0.2 }],
    ['LeakyReLU', {}, { fn: 'leaky_relu', slope: 0.3 }],
    [
      'ReLU',
      { threshold: 1, negative_slope: 0.5 },
      { fn: 'general_relu', max: null, slope: 0.5, threshold: 1 },
    ],
    ['ELU', { alpha: 1 }, { fn: 'elu' }],
    ['ELU', { alpha: 0.5 }, { fn: 'elu_alpha', alpha: 0.5 }],
    ['Softmax', { axis: -1 }, { fn: 'softmax' }],
    ['Activation', { activation: 'swish' }, { fn: 'silu' }],
    ['Activation', { activation: 'gelu' }, { fn: 'gelu' }],
    ['Activation', { activation: { class_name: 'function', config: 'tanh' } }, { fn: 'tanh' }],
  ] as const)('%s %j', (className, config, activation) => {
    expect(only(className, config).op).toEqual({ kind: 'activation', activation })
  })

  it('hard_sigmoid is another function since Keras 3', () => {
    const config = { activation: 'hard_sigmoid' }
    expect(only('Activation', config, 2).op).toMatchObject({ activation: { fn: 'hard_sigmoid_2' } })
    expect(only('Activation', config, 3).op).toMatchObject({ activation: { fn: 'hard_sigmoid' } })
  })

  it('of a layer are linear where the file says null or nothing', () => {
    for (const config of [{}, { activation: null }])
      expect(only('Conv2D', { filters: 1, kernel_size: 1, ...config }).op).toMatchObject({
        activation: { fn: 'linear' },
      })
  })
})
