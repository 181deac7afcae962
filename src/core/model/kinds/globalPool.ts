/** @file Global pooling, as layers and as operations over rows and columns: every unit sees the whole map. */
import { mapShape, type LayerKind } from './kind.ts'

/** Keras 3's operations; they name the axes. */
const operations = new Set(['Mean', 'Max', 'Amax'])

export const globalPool: LayerKind<'globalPool'> = {
  kind: 'globalPool',
  classNames: [
    'GlobalAveragePooling2D',
    'GlobalAvgPool2D',
    'GlobalMaxPooling2D',
    'GlobalMaxPool2D',
    ...operations,
  ],
  parse(config) {
    if (operations.has(config.className)) {
      const axes = config.axes('axis', [])
      if (String(axes) !== '1,2') config.refuse('axis', axes)
    } else config.dataFormat()
    return {
      kind: 'globalPool',
      reduce: config.className.includes('Max') || config.className === 'Amax' ? 'max' : 'average',
      keepDims: config.boolean('keepdims', false),
    }
  },
  shape(op, inputs) {
    const channels = mapShape(inputs)[2]
    return op.keepDims ? [1, 1, channels] : [channels]
  },
  weights: () => [],
  reach: () => 'whole',
}
