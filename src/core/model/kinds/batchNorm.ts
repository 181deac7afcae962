/** @file Normalization with stored statistics, which leaves every unit in its place. */
import { lastAxis, samePlace, type LayerKind } from './kind.ts'

export const batchNorm: LayerKind<'batchNorm'> = {
  kind: 'batchNorm',
  shape: (op, inputs) => lastAxis(op.axis, inputs),
  weights(op, input) {
    const shape = [input.at(-1)!]
    const names = [op.scale && 'gamma', op.center && 'beta', 'moving_mean', 'moving_variance']
    return names.filter((name) => name !== false).map((name) => ({ name, shape }))
  },
  reach: samePlace,
}

export const normalization: LayerKind<'normalization'> = {
  kind: 'normalization',
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
