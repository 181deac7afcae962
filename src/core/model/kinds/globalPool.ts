/** GlobalAveragePooling2D and GlobalMaxPooling2D: every unit sees the whole map. */
import { mapShape, type LayerKind } from './kind.ts'

export const globalPool: LayerKind<'globalPool'> = {
  kind: 'globalPool',
  classNames: ['GlobalAveragePooling2D', 'GlobalAvgPool2D', 'GlobalMaxPooling2D', 'GlobalMaxPool2D'],
  parse(config) {
    config.only('data_format', 'channels_last')
    config.only('keepdims', false)
    return { kind: 'globalPool', reduce: config.className.startsWith('GlobalMax') ? 'max' : 'average' }
  },
  shape: (_, inputs) => [mapShape(inputs)[2]],
  weights: () => [],
  reach: () => 'whole',
}
