/** @file Layers of several inputs, and of one and a constant: https://keras.io/api/layers/merging_layers/ */
import { eachClass, type LayerReader, type LayerReaders } from './layerReader.ts'
import { mergeOf } from './operands.ts'

/** The residual of InceptionResNetV2 in keras.applications, scaled before it is added. */
const addScaled: LayerReader = (config) => ({ kind: 'addScaled', scale: config.number('scale') })

/** One factor a channel, in keras.applications' ConvNeXt. */
const layerScale: LayerReader = (config) => {
  // What the factors start with.
  config.ignore('init_values')
  const shape = [config.whole('projection_dim')]
  config.needsChannelsLast()
  return { kind: 'withConstant', fn: 'multiply', constant: { shape }, constantFirst: false }
}

export const merging: LayerReaders = {
  // Add and its like are read in `operationNodes.ts`, as they may have a constant.
  Average: (config) => mergeOf(config, 'average'),
  Concatenate: (config) => ({ kind: 'concat', axis: config.channelAxis('axis') }),
  ...eachClass(['CustomScaleLayer', 'Custom>CustomScaleLayer'], addScaled),
  LayerScale: layerScale,
}
