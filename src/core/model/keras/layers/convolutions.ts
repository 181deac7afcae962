/** @file Convolutions: https://keras.io/api/layers/convolution_layers/ */
import type { Affine, OperationOf } from '../../network.ts'
import type { LayerConfig } from './layerConfig.ts'
import { eachClass, type LayerReader, type LayerReaders } from './layerReader.ts'
import { readActivation } from './readActivation.ts'

type Convolution = Pick<OperationOf<'conv'>, 'kernel' | 'strides' | 'dilation' | 'padding'> & Affine

/** The keys that all convolutions have in common. */
function readConvolution(config: LayerConfig): Convolution {
  config.dataFormat()
  config.only('rank', 2)
  config.only('quantization_config')
  // When it is saved, the adapter is added to the kernel.
  config.ignore('lora_rank', 'lora_alpha')
  const strides = config.pair('strides', [1, 1])
  const dilation = config.pair('dilation_rate', [1, 1])
  // Keras does not compute both together either.
  if (Math.max(...strides) > 1 && Math.max(...dilation) > 1) config.refuse('dilation_rate', dilation)
  return {
    kernel: config.pair('kernel_size'),
    strides,
    dilation,
    padding: config.padding(),
    bias: config.boolean('use_bias', true),
    activation: readActivation(config, 'activation'),
  }
}

const conv: LayerReader = (config) => ({
  kind: 'conv',
  filters: config.whole('filters'),
  groups: config.whole('groups', 1),
  ...readConvolution(config),
})

const depthwiseConv: LayerReader = (config) => {
  // Keras 2 writes the keys of its base class along; DepthwiseConv2D has no filters of its own.
  config.ignore('filters')
  config.only('groups', 1)
  return {
    kind: 'depthwiseConv',
    multiplier: config.whole('depth_multiplier', 1),
    ...readConvolution(config),
  }
}

const separableConv: LayerReader = (config) => {
  config.only('groups', 1)
  return {
    kind: 'separableConv',
    filters: config.whole('filters'),
    multiplier: config.whole('depth_multiplier', 1),
    ...readConvolution(config),
  }
}

const transposedConv: LayerReader = (config) => {
  config.only('groups', 1)
  return {
    kind: 'transposedConv',
    filters: config.whole('filters'),
    outputPadding: config.optionalPair('output_padding', 0),
    ...readConvolution(config),
  }
}

export const convolutions: LayerReaders = {
  ...eachClass(['Conv2D', 'Convolution2D', 'AtrousConvolution2D'], conv),
  DepthwiseConv2D: depthwiseConv,
  ...eachClass(['SeparableConv2D', 'SeparableConvolution2D'], separableConv),
  ...eachClass(['Conv2DTranspose', 'Convolution2DTranspose'], transposedConv),
}
