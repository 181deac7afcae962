/** @file The factor and offset by which an affine layer makes a number of the one at the same place. */
import { channelAffine, isChannelAffine } from '../model/folding/channelAffine.ts'
import { channelCount, type Network, type SupportedLayer } from '../model/network.ts'
import { broadcastElement, type Weights } from './taps.ts'

/** `y = x · factor + offset` */
export interface Affine {
  readonly factor: number
  readonly offset: number
}

/** The numbers of each element of a layer whose way is `affine`. */
export function affinesOf(layer: SupportedLayer, weights: Weights): (element: number) => Affine {
  const { op, shape } = layer
  const channels = channelCount(shape)
  if (isChannelAffine(layer)) {
    const { factors, offsets } = channelAffine(layer, weights)
    return (element) => ({ factor: factors[element % channels]!, offset: offsets[element % channels]! })
  }
  if (op.kind === 'dequantize')
    return (element) => {
      const [factor, zero] = [op.scale, op.zeroPoint].map(
        (all) => all[all.length === 1 ? 0 : element % channels]!,
      ) as [number, number]
      return { factor, offset: -zero * factor }
    }
  if (op.kind !== 'withConstant' || typeof op.constant === 'number')
    throw new Error(`a layer of the kind ${op.kind} is not affine`)
  const { fn, constantFirst, constant } = op
  return (element) =>
    ofConstant(fn, constantFirst, weights[0]![broadcastElement(element, shape, constant.shape)]!)
}

function ofConstant(fn: string, constantFirst: boolean, constant: number): Affine {
  if (fn === 'multiply') return { factor: constant, offset: 0 }
  if (fn === 'divide') return { factor: 1 / constant, offset: 0 }
  if (fn === 'add') return { factor: 1, offset: constant }
  return constantFirst ? { factor: -1, offset: constant } : { factor: 1, offset: -constant }
}

/** What several layers do one after the other; those that are `identity` do nothing. */
export function affinesOfAll(
  network: Network,
  layers: readonly number[],
  weightsOf: (layer: number) => Weights,
): (element: number) => Affine {
  const all = layers
    .filter((layer) => network.layers[layer]!.op?.kind !== 'identity')
    .map((layer) => affinesOf(network.layers[layer] as SupportedLayer, weightsOf(layer)))
  return (element) =>
    all.reduce<Affine>((first, next) => afterwards(first, next(element)), { factor: 1, offset: 0 })
}

/** `second` of `first`. */
function afterwards(first: Affine, second: Affine): Affine {
  return { factor: first.factor * second.factor, offset: first.offset * second.factor + second.offset }
}
