/** @file Normalization with stored statistics, which leaves every unit in its place. */
import { lastAxis, samePlace, type LayerKind } from './kind.ts'
import type { LayerConfig } from '../keras/layers/layerConfig.ts'

/** With the moving statistics: https://keras.io/api/layers/normalization_layers/batch_normalization/ */
export const batchNorm: LayerKind<'batchNorm'> = {
  kind: 'batchNorm',
  classNames: [
    'BatchNormalization',
    'BatchNormalizationV1',
    'BatchNormalizationV2',
    'SyncBatchNormalization',
    'Experimental>SyncBatchNormalization',
  ],
  parse(config) {
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
  },
  shape: (op, inputs) => lastAxis(op.axis, inputs),
  weights(op, input) {
    const shape = [input.at(-1)!]
    const names = [op.scale && 'gamma', op.center && 'beta', 'moving_mean', 'moving_variance']
    return names.filter((name) => name !== false).map((name) => ({ name, shape }))
  },
  reach: samePlace,
}

/** https://keras.io/api/layers/preprocessing_layers/numerical/normalization/ */
export const normalization: LayerKind<'normalization'> = {
  kind: 'normalization',
  classNames: ['Normalization'],
  parse(config) {
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
  },
  shape(op, inputs) {
    const channels = inputs[0]!.at(-1)!
    const given = op.constants?.mean.length ?? channels
    if (given !== 1 && given !== channels) throw new Error(`it has ${given} means for ${channels} channels`)
    return inputs[0]!
  },
  weights(op, input) {
    if (op.constants) return []
    const shape = op.single ? [] : [input.at(-1)!]
    return [
      { name: 'mean', shape },
      { name: 'variance', shape },
      // The samples it has seen.
      { name: 'count', shape: [], unread: true },
    ]
  },
  reach: samePlace,
}

/** A number, or a list of them within as many lists as the input has axes. */
function flat(config: LayerConfig, key: string, value: unknown): readonly number[] {
  const numbers = [value].flat(Infinity)
  return numbers.every((n) => typeof n === 'number') ? numbers : config.refuse(key, value)
}
