/** DepthwiseConv2D: https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/ */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, readConvolution, windowReach } from './windows.ts'

export const depthwiseConv: LayerKind<'depthwiseConv'> = {
  kind: 'depthwiseConv',
  classNames: ['DepthwiseConv2D'],
  parse(config) {
    // Keras 2 writes the keys of its base class along; DepthwiseConv2D has no filters of its own.
    config.ignore('filters')
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
