/** @file MaxPooling2D and AveragePooling2D: https://keras.io/api/layers/pooling_layers/ */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, readPadding, windowReach } from './windows.ts'

export const pool: LayerKind<'pool'> = {
  kind: 'pool',
  classNames: ['MaxPooling2D', 'MaxPool2D', 'MaxPool', 'AveragePooling2D', 'AvgPool2D', 'AveragePool'],
  parse(config) {
    config.dataFormat()
    const kernel = config.pair('pool_size', [2, 2])
    return {
      kind: 'pool',
      reduce: config.className.startsWith('Max') ? 'max' : 'average',
      kernel,
      strides: config.pair('strides', kernel),
      padding: readPadding(config),
    }
  },
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [outputLength(op, 0, height), outputLength(op, 1, width), channels]
  },
  weights: () => [],
  reach: windowReach,
}
