/** @file Convolutions of each channel on its own, alone and followed by a 1×1 convolution. */
import { mapShape, type LayerKind } from './kind.ts'
import { outputLength, windowReach, windowReachWithin } from './windows.ts'

export const depthwiseConv: LayerKind<'depthwiseConv'> = {
  kind: 'depthwiseConv',
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
  reachWithin: windowReachWithin,
}

/** Depthwise, then 1×1. */
export const separableConv: LayerKind<'separableConv'> = {
  kind: 'separableConv',
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
  reachWithin: windowReachWithin,
}
