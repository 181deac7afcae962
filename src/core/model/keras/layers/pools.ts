/** @file Pooling, in windows and over the whole map: https://keras.io/api/layers/pooling_layers/ */
import { eachClass, type LayerReader, type LayerReaders } from './layerReader.ts'

type Reduce = 'max' | 'average'

const pool =
  (reduce: Reduce): LayerReader =>
  (config) => {
    config.dataFormat()
    const kernel = config.pair('pool_size', [2, 2])
    return {
      kind: 'pool',
      reduce,
      kernel,
      strides: config.pair('strides', kernel),
      padding: config.padding(),
    }
  }

const globalPool =
  (reduce: Reduce): LayerReader =>
  (config) => {
    config.dataFormat()
    return { kind: 'globalPool', reduce, keepDims: config.boolean('keepdims', false) }
  }

/** Keras 3's operations; they name the axes. */
const overAxes =
  (reduce: Reduce): LayerReader =>
  (config) => {
    const axes = config.axes('axis', [])
    if (String(axes) !== '1,2') config.refuse('axis', axes)
    return { kind: 'globalPool', reduce, keepDims: config.boolean('keepdims', false) }
  }

export const pools: LayerReaders = {
  ...eachClass(['MaxPooling2D', 'MaxPool2D', 'MaxPool'], pool('max')),
  ...eachClass(['AveragePooling2D', 'AvgPool2D', 'AveragePool'], pool('average')),
  ...eachClass(['GlobalMaxPooling2D', 'GlobalMaxPool2D'], globalPool('max')),
  ...eachClass(['GlobalAveragePooling2D', 'GlobalAvgPool2D'], globalPool('average')),
  ...eachClass(['Max', 'Amax'], overAxes('max')),
  Mean: overAxes('average'),
}
