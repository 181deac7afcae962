/** @file A product with a matrix over the last axis: a unit of a vector sees all of it, one on a map its own place. */
import { samePlace, type LayerKind } from './kind.ts'

export const dense: LayerKind<'dense'> = {
  kind: 'dense',
  shape: (op, inputs) => [...inputs[0]!.slice(0, -1), op.units],
  weights(op, input) {
    const kernel = { name: 'kernel', shape: [input.at(-1)!, op.units] }
    return op.bias ? [kernel, { name: 'bias', shape: [op.units] }] : [kernel]
  },
  reach: samePlace,
}
