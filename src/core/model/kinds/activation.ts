/** @file Activation and the layers that are an activation function, with weights or without. */
import { samePlace, type LayerKind } from './kind.ts'
import { activationClasses } from '../keras/layers/readActivation.ts'

export const activation: LayerKind<'activation'> = {
  kind: 'activation',
  classNames: Object.keys(activationClasses),
  parse: (config) => ({ kind: 'activation', activation: activationClasses[config.className]!(config) }),
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
}

/** https://keras.io/api/layers/activation_layers/prelu/ */
export const prelu: LayerKind<'prelu'> = {
  kind: 'prelu',
  classNames: ['PReLU'],
  parse(config) {
    // Its weights lie in the order of the file's axes.
    config.needsChannelsLast()
    return { kind: 'prelu', sharedAxes: config.axes('shared_axes', []) }
  },
  shape: (_, inputs) => inputs[0]!,
  weights: (op, input) => [
    { name: 'alpha', shape: input.map((length, i) => (op.sharedAxes.includes(i + 1) ? 1 : length)) },
  ],
  reach: samePlace,
}
