/** @file Global pooling: every unit sees the whole map. */
import { mapShape, type LayerKind } from './kind.ts'

export const globalPool: LayerKind<'globalPool'> = {
  kind: 'globalPool',
  shape(op, inputs) {
    const channels = mapShape(inputs)[2]
    return op.keepDims ? [1, 1, channels] : [channels]
  },
  weights: () => [],
  reach: () => 'whole',
}
