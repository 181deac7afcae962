/**
 * @file In what way a layer makes a number of those that it reads, as far as it says why a unit has its value: a sum of products, the
 * same number at another place, the same channel changed, or something that has no share a channel.
 */
import {
  channelCount,
  elementCount,
  type Network,
  type Operation,
  type Shape,
  type SupportedLayer,
} from '../model/network.ts'
import { mapSize } from '../model/units.ts'
import { isMove } from './moves.ts'

export type Way =
  /** The picture. */
  | { readonly kind: 'input' }
  /** A sum of products with weights: convolutions, dense layers, products with a constant matrix. */
  | { readonly kind: 'kernel' }
  /** A sum of the same channel of several layers, or their difference or mean. */
  | { readonly kind: 'sum' }
  /** Each number is one of the input. */
  | { readonly kind: 'move' }
  /** `x · factor + offset`, place by place. */
  | { readonly kind: 'affine' }
  /** A function of the number at the same place and channel. */
  | { readonly kind: 'function' }
  /** The largest number of the channel in a window, or in the whole map. */
  | { readonly kind: 'largest' }
  /** Some numbers of the same channel, as in a mean. */
  | { readonly kind: 'places' }
  /** The channel of one input, multiplied by a number that is the same for the whole map, as by a gate. */
  | { readonly kind: 'gated'; readonly input: number }
  /** Nothing that falls into shares; `reason` is a sentence. */
  | { readonly kind: 'none'; readonly reason: string }

const affineArithmetic = ['add', 'subtract', 'multiply', 'divide']

export function wayOf(network: Network, index: number): Way {
  const layer = network.layers[index]
  if (!layer || layer.op === null) return none('This layer is not computed.')
  const { op } = layer
  if (isMove(op)) return { kind: 'move' }
  switch (op.kind) {
    case 'input':
      return { kind: 'input' }
    case 'conv':
    case 'depthwiseConv':
    case 'separableConv':
    case 'transposedConv':
    case 'dense':
      return { kind: 'kernel' }
    case 'matMul':
      return op.constant
        ? { kind: 'kernel' }
        : none(
            'Attention multiplies two results of the picture with each other, so no channel has a share of the product.',
          )
    case 'addScaled':
      return { kind: 'sum' }
    case 'merge':
      return wayOfMerge(network, layer, op.fn)
    case 'batchNorm':
    case 'normalization':
    case 'rescale':
    case 'dequantize':
      return { kind: 'affine' }
    case 'withConstant':
      return affineArithmetic.includes(op.fn) && !(op.fn === 'divide' && op.constantFirst)
        ? { kind: 'affine' }
        : { kind: 'function' }
    case 'activation':
    case 'prelu':
    case 'pointwise':
    case 'quantize':
    case 'wholeNumbers':
      return { kind: 'function' }
    case 'pool':
    case 'globalPool':
      return { kind: op.reduce === 'max' ? 'largest' : 'places' }
    case 'upsample':
    case 'resize':
    case 'interpolate':
      return { kind: 'places' }
    case 'reduce':
      return wayOfReduction(op.fn, op.axes.includes(inputShape(network, layer).length - 1))
    case 'layerNorm':
    case 'groupNorm':
    case 'unitNorm':
    case 'lrn':
      return none(
        'It divides by a statistic of many channels of the picture, so its value is no sum of shares of the channels.',
      )
    case 'softmax':
      return none(
        'Softmax weighs all places against each other, so its value is no sum of shares of the channels.',
      )
    default:
      return none('It chooses between numbers, so its value is no sum of shares of the channels.')
  }
}

function none(reason: string): Way {
  return { kind: 'none', reason }
}

function wayOfMerge(network: Network, layer: SupportedLayer, fn: string): Way {
  if (fn === 'add' || fn === 'subtract' || fn === 'average') return { kind: 'sum' }
  if (fn === 'multiply' && layer.inputs.length === 2) {
    const shapes = layer.inputs.map((i) => (network.layers[i] as SupportedLayer).shape)
    const full = shapes.findIndex((shape) => String(shape) === String(layer.shape))
    const gate = shapes[1 - full]
    if (full >= 0 && gate && isOneAChannel(gate) && !isOneAChannel(layer.shape))
      return { kind: 'gated', input: full }
  }
  return none(
    fn === 'multiply' || fn === 'divide' || fn === 'power'
      ? 'It multiplies or divides results of the picture by each other, so no channel has a share of the product.'
      : 'It chooses between numbers, so its value is no sum of shares of the channels.',
  )
}

/** A vector, or a map of one place. */
function isOneAChannel(shape: Shape): boolean {
  return elementCount(shape) === channelCount(shape) && Math.max(...mapSize(shape)) === 1
}

function wayOfReduction(fn: string, overChannels: boolean): Way {
  if (!overChannels && (fn === 'mean' || fn === 'sum')) return { kind: 'places' }
  return none(
    overChannels
      ? 'It makes one number of all channels, which is no sum of shares of them.'
      : 'It makes one number of all places, which is no sum of shares of them.',
  )
}

function inputShape(network: Network, { inputs }: SupportedLayer): Shape {
  return (network.layers[inputs[0]!] as SupportedLayer).shape
}

/** The activation that a layer ends in; null: none. */
export function ownActivation(
  op: Operation,
): Extract<Operation, { activation: unknown }>['activation'] | null {
  if (op.kind === 'activation' || !('activation' in op) || op.activation.fn === 'linear') return null
  return op.activation
}
