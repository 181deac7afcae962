/**
 * @file Which kernel computes a convolution on WASM. The rule looks at the shape alone, so a layer gets the same kernel on
 * every machine, whatever its numbers are.
 */
import type { Layer, Network, Pair, Shape } from './network.ts'

/** The part of a convolution's shape that decides. Channels are those of all groups together. */
export interface ConvolutionSize {
  readonly inChannels: number
  readonly outChannels: number
  readonly outHeight: number
  readonly outWidth: number
  readonly kernel: Pair
  readonly strides: Pair
  readonly dilation: Pair
  readonly groups: number
}

export type ConvolutionKernel = 'direct' | 'winograd'

/** With fewer channels the transforms cost more than the products that they save. */
const fewestForWinograd = 16
/** On smaller maps most of a tile is computed twice. */
const smallestForWinograd = 6
/**
 * Winograd's weights are four times as large. On maps up to this size reading them takes longer than the products that
 * they save, unless they fit into the processor's second cache: `fewWeights` is the product of the channels.
 */
const smallMap = 8
const fewWeights = 2 ** 14

export function kernelFor(shape: ConvolutionSize): ConvolutionKernel {
  const { kernel, strides, dilation, groups, inChannels, outChannels, outHeight, outWidth } = shape
  const isPlain = [...strides, ...dilation, groups].every((number) => number === 1)
  const size = Math.min(outHeight, outWidth)
  const isLarge = size > smallMap || (size >= smallestForWinograd && inChannels * outChannels <= fewWeights)
  const isDeep = Math.min(inChannels, outChannels) >= fewestForWinograd
  return isPlain && isLarge && isDeep && kernel[0] === 3 && kernel[1] === 3 ? 'winograd' : 'direct'
}

/** The kernels of a layer: ours, of which 1×1 is the direct one, or that of TensorFlow.js. */
export type LayerKernel = ConvolutionKernel | '1×1' | 'depthwise' | 'tfjs'

/**
 * The kernels that compute a layer one after the other; none if it does not convolve. Maps and weights with infinite numbers
 * or NaN are convolved directly even so.
 */
export function kernelsOf({ layers }: Network, { op, inputs, ...layer }: Layer): readonly LayerKernel[] {
  const from = layers[inputs[0]!]
  if (op === null || !('shape' in layer) || !from || from.op === null) return []
  const [inChannels, outChannels] = [from.shape.at(-1)!, layer.shape.at(-1)!]
  switch (op.kind) {
    case 'conv':
      return isByChannel(op, inChannels)
        ? [depthwise(outChannels / inChannels)]
        : [fullKernel(op, inChannels, layer.shape)]
    case 'depthwiseConv':
      return [depthwise(op.multiplier)]
    case 'separableConv':
      return [depthwise(op.multiplier), '1×1']
    case 'transposedConv':
      return ['tfjs']
    default:
      return []
  }
}

/** Whether each group has one channel: this is what depthwise kernels compute. */
export function isByChannel({ groups }: Pick<ConvolutionSize, 'groups'>, inChannels: number): boolean {
  return groups > 1 && groups === inChannels
}

/** Ours makes one channel of one. */
function depthwise(multiplier: number): LayerKernel {
  return multiplier === 1 ? 'depthwise' : 'tfjs'
}

function fullKernel(
  op: Pick<ConvolutionSize, 'kernel' | 'strides' | 'dilation' | 'groups'>,
  inChannels: number,
  shape: Shape,
): LayerKernel {
  const [outHeight, outWidth, outChannels] = shape as [number, number, number]
  const isPoint = [...op.kernel, op.groups].every((number) => number === 1)
  return isPoint ? '1×1' : kernelFor({ ...op, inChannels, outChannels, outHeight, outWidth })
}
