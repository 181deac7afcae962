/** @file Pooling: the maximum or the mean of a window. */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, windowReach, windowReachWithin } from './windows.ts'

export const pool: LayerKind<'pool'> = {
  kind: 'pool',
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [outputLength(op, 0, height), outputLength(op, 1, width), channels]
  },
  weights: () => [],
  reach: windowReach,
  reachWithin: windowReachWithin,
}
