/**
 * @file What each channel that a unit reads has contributed to its value in one picture. With the weights and biases of the sum and
 * of the affine layers folded into it,
 *
 *     value = bias + Σ contribution of each channel
 *
 * in double precision, from the numbers that the network has computed before the sum. The value is the one before the activation.
 */
import { channelCount, type Network } from '../model/network.ts'
import { affinesOfAll } from './affines.ts'
import { computedAt, inputShapes, layerAt, type LinearPart, type WeightsOf } from './lineage.ts'
import { eachTap } from './taps.ts'

/** A part of the sum. */
export interface Term {
  /** The index of the layer that computes the channel. */
  readonly layer: number
  readonly channel: number
  readonly value: number
}

export interface Contributions {
  /** In the order of memory. */
  readonly terms: readonly Term[]
  readonly bias: number
  /** The sum of all. */
  readonly value: number
  /** The sum of all products and of the bias without their signs. */
  readonly size: number
}

/** In shares of the largest term. */
const tolerance = 1e-5
/** What a sum in single precision is off by at most, in roundings of all its numbers without their signs. */
const roundings = 4

/**
 * How far the network's own sum may be from `value`, or what it loses without a channel from that channel's term; `sums`: how many of
 * its sums are in the comparison. Where products cancel each other, also within a channel, what is left of them may be less than the
 * roundings of single precision: a kernel over 9 pixels whose products are 700 times their sum was off by 1.9e-5 of it.
 */
export function sumTolerance({ terms, bias, size }: Omit<Contributions, 'value'>, sums = 1): number {
  const largest = terms.reduce((most, { value }) => Math.max(most, Math.abs(value)), Math.abs(bias))
  return Math.max(tolerance * largest, sums * roundings * 2 ** -24 * size)
}

/** One product of a sum: which of the layer's inputs it reads, and where. */
export interface Products {
  readonly inputs: number[]
  readonly elements: number[]
  readonly weights: number[]
  readonly bias: number
}

/** The products that an element of the sum is made of, with what is folded into them. */
export function productsOf(
  network: Network,
  part: LinearPart,
  weightsOf: WeightsOf,
  element: number,
): Products {
  const { factor, offset } = affinesOfAll(network, part.folded, weightsOf)(element)
  const layer = layerAt(network, part.sum.layer)
  const found = { inputs: [] as number[], elements: [] as number[], weights: [] as number[] }
  const bias = eachTap(
    layer,
    inputShapes(network, layer),
    weightsOf(part.sum.layer),
    element,
    (input, at, weight) => {
      found.inputs.push(input)
      found.elements.push(at)
      found.weights.push(weight * factor)
    },
  )
  return { ...found, bias: bias * factor + offset }
}

/** `read` gives the number at an element of one of the inputs of the sum. */
export function contributionsOf(
  network: Network,
  part: LinearPart,
  weightsOf: WeightsOf,
  { inputs, elements, weights, bias: constant }: Products,
  read: (input: number, element: number) => number,
): Contributions {
  const from = layerAt(network, part.sum.layer).inputs
  const sums = new Map<string, { layer: number; channel: number; value: number }>()
  let bias = constant
  let size = Math.abs(constant)
  for (const [i, element] of elements.entries()) {
    const product = weights[i]! * read(inputs[i]!, element)
    size += Math.abs(product)
    const origin = computedAt(network, { layer: from[inputs[i]!]!, element }, weightsOf)
    if ('constant' in origin) {
      bias += product
      continue
    }
    const channel = origin.element % channelCount(layerAt(network, origin.layer).shape)
    const key = `${origin.layer}/${channel}`
    const term = sums.get(key)
    if (term) term.value += product
    else sums.set(key, { layer: origin.layer, channel, value: product })
  }
  const terms = [...sums.values()]
  return { terms, bias, value: terms.reduce((sum, { value }) => sum + value, bias), size }
}
