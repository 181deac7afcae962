/** Conv2D: https://keras.io/api/layers/convolution_layers/convolution2d/ */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, readConvolution, windowReach } from './windows.ts'

export const conv: LayerKind<'conv'> = {
  kind: 'conv',
  classNames: ['Conv2D', 'Convolution2D'],
  parse: (config) => ({ kind: 'conv', filters: config.number('filters'), ...readConvolution(config) }),
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
