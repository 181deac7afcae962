/** Activation and the layers that are an activation function: https://keras.io/api/layers/activation_layers/ */
import type { Activation } from '../network.ts'
import { samePlace, type LayerKind } from './kind.ts'
import type { LayerConfig } from './layerConfig.ts'

function readActivation(config: LayerConfig): Activation {
  switch (config.className) {
    case 'ReLU': {
      config.only('negative_slope', 0)
      config.only('threshold', 0)
      const max = config.optionalNumber('max_value')
      if (max === null) return { fn: 'relu' }
      return max === 6 ? { fn: 'relu6' } : { fn: 'clipped_relu', max }
    }
    case 'LeakyReLU': {
      // Keras 2 calls it alpha; both default to 0.3.
      const slope = config.optionalNumber('negative_slope') ?? config.number('alpha', 0.3)
      return { fn: 'leaky_relu', slope }
    }
    case 'ELU':
      config.only('alpha', 1)
      return { fn: 'elu' }
    case 'Softmax':
      config.only('axis', -1)
      return { fn: 'softmax' }
    default:
      return config.activation('activation')
  }
}

export const activation: LayerKind<'activation'> = {
  kind: 'activation',
  classNames: ['Activation', 'ReLU', 'LeakyReLU', 'ELU', 'Softmax'],
  parse: (config) => ({ kind: 'activation', activation: readActivation(config) }),
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: () => samePlace,
}
