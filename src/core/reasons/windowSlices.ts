/** @file The kernels of convolutions, channel by channel of their input, whether or not a unit lies at the edge of the map. */
import type { Operation, OperationOf } from '../model/network.ts'
import type { Weights } from './taps.ts'

type Window = OperationOf<'conv' | 'depthwiseConv' | 'separableConv' | 'transposedConv'>

/** Whether a layer has a kernel of rows and columns. */
export function isWindow(op: Operation): op is Window {
  return ['conv', 'depthwiseConv', 'separableConv', 'transposedConv'].includes(op.kind)
}

/** The channels of the input that a channel reads. */
export function readIn(op: Window, inChannels: number, channel: number): number[] {
  if (op.kind === 'depthwiseConv') return [Math.floor(channel / op.multiplier)]
  const groups = op.kind === 'conv' ? op.groups : 1
  const depth = inChannels / groups
  const first = Math.floor(channel / (op.filters / groups)) * depth
  return Array.from({ length: depth }, (_, i) => first + i)
}

/**
 * The weights `[rows, columns]` by which a channel reads a channel of the input that is one of `readIn`. Those of a transposed
 * convolution are as they are stored; those of a separable one are the products of its two kernels.
 */
export function sliceOf(
  op: Window,
  inChannels: number,
  [kernel, pointwise]: Weights,
  channel: number,
  from: number,
): number[] {
  const taps = Array.from({ length: op.kernel[0] * op.kernel[1] }, (_, tap) => tap)
  switch (op.kind) {
    case 'conv': {
      const depth = inChannels / op.groups
      return taps.map((tap) => kernel![(tap * depth + (from % depth)) * op.filters + channel]!)
    }
    case 'depthwiseConv':
      return taps.map((tap) => kernel![tap * inChannels * op.multiplier + channel]!)
    case 'separableConv':
      return taps.map((tap) => {
        let sum = 0
        for (let m = from * op.multiplier; m < (from + 1) * op.multiplier; m++)
          sum += kernel![tap * inChannels * op.multiplier + m]! * pointwise![m * op.filters + channel]!
        return sum
      })
    case 'transposedConv':
      return taps.map((tap) => kernel![(tap * op.filters + channel) * inChannels + from]!)
  }
}
