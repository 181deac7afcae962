/** Layers that leave every unit in its place: the input, Rescaling, and what only acts in training. */
import { samePlace, type LayerKind } from './kind.ts'

export const input: LayerKind<'input'> = {
  kind: 'input',
  classNames: ['InputLayer'],
  parse(config) {
    config.only('sparse', false)
    config.only('ragged', false)
    config.only('optional', false)
    return { kind: 'input' }
  },
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: () => samePlace,
  pointless: 'the image itself',
}

export const identity: LayerKind<'identity'> = {
  kind: 'identity',
  classNames: [
    'Dropout',
    'SpatialDropout2D',
    'GaussianDropout',
    'GaussianNoise',
    'AlphaDropout',
    'ActivityRegularization',
  ],
  parse(config) {
    config.only('data_format', 'channels_last')
    config.ignore('rate', 'seed', 'noise_shape', 'stddev', 'l1', 'l2')
    return { kind: 'identity' }
  },
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: () => samePlace,
  pointless: 'it does nothing outside training',
}

export const rescale: LayerKind<'rescale'> = {
  kind: 'rescale',
  classNames: ['Rescaling'],
  parse: (config) => ({ kind: 'rescale', scale: config.number('scale'), offset: config.number('offset', 0) }),
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: () => samePlace,
}
