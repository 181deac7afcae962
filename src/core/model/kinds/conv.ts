/** @file Convolution, in groups or not: every filter sees all channels of its group. */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, windowReach, windowReachWithin } from './windows.ts'

export const conv: LayerKind<'conv'> = {
  kind: 'conv',
  shape(op, inputs) {
    const [height, width, channels] = mapShape(inputs)
    if (channels % op.groups !== 0 || op.filters % op.groups !== 0)
      throw new Error(`${channels} channels and ${op.filters} filters do not fall into ${op.groups} groups`)
    return [outputLength(op, 0, height), outputLength(op, 1, width), op.filters]
  },
  weights(op, input) {
    const kernel = { name: 'kernel', shape: [...op.kernel, input[2]! / op.groups, op.filters] }
    return op.bias ? [kernel, { name: 'bias', shape: [op.filters] }] : [kernel]
  },
  reach: windowReach,
  reachWithin: windowReachWithin,
}
