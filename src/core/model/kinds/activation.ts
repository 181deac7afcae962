/** @file Activation functions, with weights or without. */
import { samePlace, type LayerKind } from './kind.ts'

export const activation: LayerKind<'activation'> = {
  kind: 'activation',
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
}

export const prelu: LayerKind<'prelu'> = {
  kind: 'prelu',
  shape: (_, inputs) => inputs[0]!,
  weights: (op, input) => [
    { name: 'alpha', shape: input.map((length, i) => (op.sharedAxes.includes(i + 1) ? 1 : length)) },
  ],
  reach: samePlace,
}
