/** Conv2D: https://keras.io/api/layers/convolution_layers/convolution2d/ */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, readPadding, windowReach } from './windows.ts'

export const conv: LayerKind<'conv'> = {
  kind: 'conv',
  classNames: ['Conv2D', 'Convolution2D'],
  parse(config) {
    config.only('data_format', 'channels_last')
    config.only('groups', 1)
    config.only('rank', 2)
    return {
      kind: 'conv',
      filters: config.number('filters'),
      kernel: config.pair('kernel_size'),
      strides: config.pair('strides', [1, 1]),
      dilation: config.pair('dilation_rate', [1, 1]),
      padding: readPadding(config),
      bias: config.boolean('use_bias', true),
      activation: config.activation('activation'),
    }
  },
  shape(op, inputs) {
    const [height, width] = mapShape(inputs)
    return [outputLength(op, 0, height), outputLength(op, 1, width), op.filters]
  },
  weights(op, input) {
    const kernel = { name: 'kernel', shape: [...op.kernel, input[2]!, op.filters] }
    return op.bias ? [kernel, { name: 'bias', shape: [op.filters] }] : [kernel]
  },
  reach: windowReach,
}
