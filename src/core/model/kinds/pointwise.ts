/** @file Layers that leave every unit in its place: the input, Rescaling, and what only acts in training. */
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
  reach: samePlace,
  pointless: 'the image itself',
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

export const identity: LayerKind<'identity'> = {
  kind: 'identity',
  classNames: trainingOnly,
  parse(config) {
    config.ignoreAll()
    return { kind: 'identity' }
  },
  shape(_, inputs) {
    if (inputs.length !== 1)
      throw new Error(`it joins ${inputs.length} tensors in a way that Urpatch does not know`)
    return inputs[0]!
  },
  weights: () => [],
  reach: samePlace,
  pointless: 'it does nothing outside training',
}

/** Only graphs take whole numbers; see graphInput. */
export const wholeNumbers: LayerKind<'wholeNumbers'> = {
  kind: 'wholeNumbers',
  classNames: [],
  parse: (config) => config.refuse('class', config.className),
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
  pointless: 'the image itself, in whole numbers',
}

/** https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/ */
export const rescale: LayerKind<'rescale'> = {
  kind: 'rescale',
  classNames: ['Rescaling'],
  parse(config) {
    const scale = config.numbers('scale')
    const offset = config.numbers('offset', 0)
    // Keras lets lists run along the last axis.
    if (scale.length > 1 || offset.length > 1) config.needsChannelsLast()
    return { kind: 'rescale', scale, offset }
  },
  shape(op, inputs) {
    const channels = inputs[0]!.at(-1)!
    for (const { length } of [op.scale, op.offset])
      if (length !== 1 && length !== channels)
        throw new Error(`it has ${length} numbers for ${channels} channels`)
    return inputs[0]!
  },
  weights: () => [],
  reach: samePlace,
}
