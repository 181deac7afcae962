/** @file Normalization, with stored statistics and with those of the input: https://keras.io/api/layers/normalization_layers/ */
import type { LayerConfig } from './layerConfig.ts'
import { eachClass, type LayerReader, type LayerReaders } from './layerReader.ts'

/** Computed with the moving statistics. */
const batchNorm: LayerReader = (config) => {
  config.only('renorm', false)
  config.only('virtual_batch_size')
  // Keras 1: statistics of the batch itself.
  config.only('mode', 0)
  config.ignore('momentum', 'synchronized', 'renorm_clipping', 'renorm_momentum', 'fused')
  return {
    kind: 'batchNorm',
    axis: config.channelAxis('axis'),
    epsilon: config.number('epsilon', 1e-3),
    scale: config.boolean('scale', true),
    center: config.boolean('center', true),
  }
}

/** https://keras.io/api/layers/preprocessing_layers/numerical/normalization/ */
const normalization: LayerReader = (config) => {
  const mean = config.take('mean')
  const variance = config.take('variance')
  const single = config.isNone('axis')
  if (!single) config.channelAxis('axis')
  return {
    kind: 'normalization',
    constants:
      (mean ?? null) === null
        ? null
        : { mean: flat(config, 'mean', mean), variance: flat(config, 'variance', variance) },
    invert: config.boolean('invert', false),
    ...(single ? { single: true } : {}),
  }
}

/** A number, or a list of them within as many lists as the input has axes. */
function flat(config: LayerConfig, key: string, value: unknown): readonly number[] {
  const numbers = [value].flat(Infinity)
  return numbers.every((n) => typeof n === 'number') ? numbers : config.refuse(key, value)
}

/** Keras counts the batch, a `Network` does not. */
function axesWithoutBatch(config: LayerConfig): readonly number[] {
  const axes = config.axes('axis').map((axis) => axis - 1)
  // Weights over several axes lie in the file's order of axes.
  if (config.isChannelsFirstMap && axes.length > 1) config.refuse('axis', axes)
  if (axes.some((axis) => axis < 0)) config.refuse('axis', 0)
  return axes
}

const layerNorm: LayerReader = (config) => {
  // Divides by the variance rather than by its root.
  config.only('rms_scaling', false)
  return {
    kind: 'layerNorm',
    axes: axesWithoutBatch(config),
    epsilon: config.number('epsilon', 1e-3),
    scale: config.boolean('scale', true),
    center: config.boolean('center', true),
    rms: false,
  }
}

const rmsNorm: LayerReader = (config) => {
  config.only('rms_scaling', false)
  return {
    kind: 'layerNorm',
    axes: axesWithoutBatch(config),
    epsilon: config.number('epsilon', 1e-6),
    scale: true,
    center: false,
    rms: true,
  }
}

const groupNorm: LayerReader = (config) => {
  config.channelAxis('axis')
  return {
    kind: 'groupNorm',
    groups: config.whole('groups', 32),
    epsilon: config.number('epsilon', 1e-3),
    scale: config.boolean('scale', true),
    center: config.boolean('center', true),
  }
}

export const normalizations: LayerReaders = {
  ...eachClass(
    [
      'BatchNormalization',
      'BatchNormalizationV1',
      'BatchNormalizationV2',
      'SyncBatchNormalization',
      'Experimental>SyncBatchNormalization',
    ],
    batchNorm,
  ),
  Normalization: normalization,
  LayerNormalization: layerNorm,
  RMSNormalization: rmsNorm,
  GroupNormalization: groupNorm,
  UnitNormalization: (config) => ({ kind: 'unitNorm', axes: axesWithoutBatch(config) }),
}
