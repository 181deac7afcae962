/** @file Normalization with the input's own statistics: over its channels or some of them, or over the whole map. */
import type { Shape } from '../network.ts'
import { isMap } from '../units.ts'
import { samePlace, type LayerKind } from './kind.ts'

function overSpace(axes: readonly number[], inputs: readonly Shape[]): boolean {
  return axes.some((axis) => axis < inputs[0]!.length - 1)
}

export const layerNorm: LayerKind<'layerNorm'> = {
  kind: 'layerNorm',
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

export const groupNorm: LayerKind<'groupNorm'> = {
  kind: 'groupNorm',
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

export const unitNorm: LayerKind<'unitNorm'> = {
  kind: 'unitNorm',
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
  globalStatistics: (op, inputs) => overSpace(op.axes, inputs),
}

export const softmax: LayerKind<'softmax'> = {
  kind: 'softmax',
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
  globalStatistics: (op, inputs) => overSpace(op.axes, inputs),
}

/** Local response normalization. */
export const lrn: LayerKind<'lrn'> = {
  kind: 'lrn',
  shape: (_, inputs) => inputs[0]!,
  weights: () => [],
  reach: samePlace,
}
