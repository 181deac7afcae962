/** @file Layers that compute each place by itself: activations, Dense, Rescaling, and what only acts in training. */
import { eachClass, type LayerReader, type LayerReaders } from './layerReader.ts'
import { activationClasses, readActivation } from './readActivation.ts'

const input: LayerReader = (config) => {
  config.only('sparse', false)
  config.only('ragged', false)
  config.only('optional', false)
  return { kind: 'input' }
}

/** https://keras.io/api/layers/core_layers/dense/ */
const dense: LayerReader = (config) => {
  config.needsChannelsLast()
  config.only('quantization_config')
  // When it is saved, the adapter is added to the kernel.
  config.ignore('lora_rank', 'lora_alpha')
  return {
    kind: 'dense',
    units: config.whole('units'),
    bias: config.boolean('use_bias', true),
    activation: readActivation(config, 'activation'),
  }
}

/** https://keras.io/api/layers/activation_layers/prelu/ */
const prelu: LayerReader = (config) => {
  // Its weights lie in the order of the file's axes.
  config.needsChannelsLast()
  return { kind: 'prelu', sharedAxes: config.axes('shared_axes', []) }
}

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/ */
const rescaling: LayerReader = (config) => {
  const scale = config.numbers('scale')
  const offset = config.numbers('offset', 0)
  // Keras lets lists run along the last axis.
  if (scale.length > 1 || offset.length > 1) config.needsChannelsLast()
  return { kind: 'rescale', scale, offset }
}

/**
 * Whatever their configuration says, these return their input when predicting. Not here because they don't:
 * AutoContrast, CLAHE, Equalization, RandomCrop (it resizes), Solarization.
 */
const trainingOnly = [
  'Identity',
  'StopGradient',
  'ActivityRegularization',
  'AlphaDropout',
  'AugMix',
  'CutMix',
  'DropPath',
  'Dropout',
  'FixedDropout',
  'efficientnet>FixedDropout',
  'GaussianDropout',
  'GaussianNoise',
  'MaxNumBoundingBoxes',
  'MixUp',
  'RandAugment',
  'RandomBrightness',
  'RandomColorDegeneration',
  'RandomColorJitter',
  'RandomContrast',
  'RandomElasticTransform',
  'RandomErasing',
  'RandomFlip',
  'RandomGaussianBlur',
  'RandomGrayscale',
  'RandomHeight',
  'RandomHue',
  'RandomInvert',
  'RandomPerspective',
  'RandomPosterization',
  'RandomRotation',
  'RandomSaturation',
  'RandomSharpness',
  'RandomShear',
  'RandomTranslation',
  'RandomWidth',
  'RandomZoom',
  'SpatialDropout2D',
  'StochasticDepth',
]

const identity: LayerReader = (config) => {
  config.ignoreAll()
  return { kind: 'identity' }
}

export const pointwise: LayerReaders = {
  InputLayer: input,
  Dense: dense,
  PReLU: prelu,
  Rescaling: rescaling,
  ...eachClass(trainingOnly, identity),
  ...eachClass(Object.keys(activationClasses), (config) => ({
    kind: 'activation',
    activation: activationClasses[config.className]!(config),
  })),
}
