/** @file Convolutions of each channel on its own: https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/ */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, readConvolution, windowReach } from './windows.ts'

export const depthwiseConv: LayerKind<'depthwiseConv'> = {
  kind: 'depthwiseConv',
  classNames: ['DepthwiseConv2D'],
  parse(config) {
    // Keras 2 writes the keys of its base class along; DepthwiseConv2D has no filters of its own.
    config.ignore('filters')
    config.only('groups', 1)
    return {
      kind: 'depthwiseConv',
      multiplier: config.number('depth_multiplier', 1),
      ...readConvolution(config),
    }
  },
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    return [outputLength(op, 0, height), outputLength(op, 1, width), channels * op.multiplier]
  },
  weights(op, input) {
    const channels = input[2]!
    const kernel = { name: 'kernel', shape: [...op.kernel, channels, op.multiplier] }
    return op.bias ? [kernel, { name: 'bias', shape: [channels * op.multiplier] }] : [kernel]
  },
  reach: windowReach,
}

/** Depthwise, then 1×1: https://keras.io/api/layers/convolution_layers/separable_convolution2d/ */
export const separableConv: LayerKind<'separableConv'> = {
  kind: 'separableConv',
  classNames: ['SeparableConv2D', 'SeparableConvolution2D'],
  parse(config) {
    config.only('groups', 1)
    return {
      kind: 'separableConv',
      filters: config.number('filters'),
      multiplier: config.number('depth_multiplier', 1),
      ...readConvolution(config),
    }
  },
  shape(op, inputs) {
    const [height, width] = mapShape(inputs)
    return [outputLength(op, 0, height), outputLength(op, 1, width), op.filters]
  },
  weights(op, input) {
    const channels = input[2]!
    const kernels = [
      { name: 'depthwise_kernel', shape: [...op.kernel, channels, op.multiplier] },
      { name: 'pointwise_kernel', shape: [1, 1, channels * op.multiplier, op.filters] },
    ]
    return op.bias ? [...kernels, { name: 'bias', shape: [op.filters] }] : kernels
  },
  reach: windowReach,
}
