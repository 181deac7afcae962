/** @file Normalization with statistics of the very input: over its channels, or over the whole map. */
import type { Shape } from '../network.ts'
import { isMap } from '../units.ts'
import { samePlace, type LayerKind } from './kind.ts'
import type { LayerConfig } from '../keras/layers/layerConfig.ts'

/** Axes without the batch, as the IR counts them. */
function readAxes(config: LayerConfig): readonly number[] {
  const axes = config.axes('axis').map((axis) => axis - 1)
  // Weights over several axes lie in the order of the file's.
  if (config.isChannelsFirstMap && axes.length > 1) config.refuse('axis', axes)
  if (axes.some((axis) => axis < 0)) config.refuse('axis', 0)
  return axes
}

function overSpace(axes: readonly number[], inputs: readonly Shape[]): boolean {
  return axes.some((axis) => axis < inputs[0]!.length - 1)
}

/** LayerNormalization and RMSNormalization: https://keras.io/api/layers/normalization_layers/ */
export const layerNorm: LayerKind<'layerNorm'> = {
  kind: 'layerNorm',
  classNames: ['LayerNormalization', 'RMSNormalization'],
  parse(config) {
    const rms = config.className === 'RMSNormalization'
    // Divides by the variance rather than by its root.
    config.only('rms_scaling', false)
    return {
      kind: 'layerNorm',
      axes: readAxes(config),
      epsilon: config.number('epsilon', rms ? 1e-6 : 1e-3),
      scale: rms || config.boolean('scale', true),
      center: !rms && config.boolean('center', true),
      rms,
    }
  },
  shape(op, inputs) {
    if (op.axes.some((axis) => axis >= inputs[0]!.length)) throw new Error(`it has no axis ${op.axes.at(-1)}`)
    return inputs[0]!
  },
  weights(op, input) {
    const shape = op.axes.map((axis) => input[axis]!)
    const names = [op.scale && (op.rms ? 'scale' : 'gamma'), op.center && 'beta']
    return names.filter((name) => name !== false).map((name) => ({ name, shape }))
  },
  reach: samePlace,
  globalStatistics: (op, inputs) => overSpace(op.axes, inputs),
}

/** https://keras.io/api/layers/normalization_layers/group_normalization/ */
export const groupNorm: LayerKind<'groupNorm'> = {
  kind: 'groupNorm',
  classNames: ['GroupNormalization'],
  parse(config) {
    config.channelAxis('axis')
    return {
      kind: 'groupNorm',
      groups: config.number('groups', 32),
      epsilon: config.number('epsilon', 1e-3),
      scale: config.boolean('scale', true),
      center: config.boolean('center', true),
    }
  },
  shape(op, inputs) {
    const channels = inputs[0]!.at(-1)!
    if (op.groups !== -1 && channels % op.groups !== 0)
      throw new Error(`its ${channels} channels do not fall into ${op.groups} groups`)
    return inputs[0]!
  },
  weights(op, input) {
    const shape = [input.at(-1)!]
    const names = [op.scale && 'gamma', op.center && 'beta']
    return names.filter((name) => name !== false).map((name) => ({ name, shape }))
  },
  reach: samePlace,
  globalStatistics: (_, inputs) => isMap(inputs[0]!),
}

/** https://keras.io/api/layers/normalization_layers/unit_normalization/ */
export const unitNorm: LayerKind<'unitNorm'> = {
  kind: 'unitNorm',
  classNames: ['UnitNormalization'],
  parse: (config) => ({ kind: 'unitNorm', axes: readAxes(config) }),
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
  globalStatistics: (op, inputs) => overSpace(op.axes, inputs),
}
