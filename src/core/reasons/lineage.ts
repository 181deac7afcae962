/**
 * @file Which sum of products a channel comes from, and what lies between: back from the channel's layer through activations,
 * normalizations, poolings and what only moves numbers, to the layer that adds.
 */
import {
  channelCount,
  elementCount,
  type Network,
  type Pair,
  type Shape,
  type SupportedLayer,
} from '../model/network.ts'
import { placesOf } from '../model/places.ts'
import { isMove, type Origin, originOf } from './moves.ts'
import type { Weights } from './taps.ts'
import { ownActivation, type Way, wayOf } from './ways.ts'

/** The arrays of a layer. */
export type WeightsOf = (layer: number) => Weights

/** By layer index. */
export interface ChannelAt {
  readonly layer: number
  readonly channel: number
}

/** The sum that a channel comes from. */
export interface LinearPart {
  /** The layer that adds, and its channel. `places`: a mean of places of one channel, or the like. */
  readonly sum: ChannelAt & { readonly way: 'kernel' | 'sum' | 'places' }
  /** The layers that are affine in each channel and follow the sum at once, from the first on: they are part of it. */
  readonly folded: readonly number[]
  /** The other layers behind it, from the first on, up to the one that was asked for. */
  readonly after: readonly number[]
}

/** Why there is no sum: a sentence. */
export interface NoLinearPart {
  readonly reason: string
}

/** Throws for a layer or channel that is not there. */
export function linearPartOf(network: Network, layer: number, channel: number): LinearPart | NoLinearPart {
  const behind: number[] = []
  for (let at: ChannelAt = { layer, channel }; ;) {
    const way = wayOf(network, at.layer)
    if (way.kind === 'kernel' || way.kind === 'sum' || way.kind === 'places')
      return { sum: { ...at, way: way.kind }, ...withFolded(network, at.layer, behind) }
    if (way.kind === 'input') return { reason: 'It is a channel of the picture itself.' }
    if (way.kind === 'none') {
      const { name } = network.layers[at.layer]!
      return { reason: behind.length === 0 ? way.reason : `It comes from ${name}. ${way.reason}` }
    }
    const next = channelBefore(network, at, way)
    if (next === null) return { reason: 'It has the same value in every picture.' }
    behind.unshift(at.layer)
    at = next
  }
}

function withFolded(
  network: Network,
  sum: number,
  behind: readonly number[],
): Pick<LinearPart, 'folded' | 'after'> {
  const { op } = layerAt(network, sum)
  if (ownActivation(op)) return { folded: [], after: behind }
  const first = behind.findIndex(
    (layer) => wayOf(network, layer).kind !== 'affine' && layerAt(network, layer).op.kind !== 'identity',
  )
  const count = first < 0 ? behind.length : first
  return { folded: behind.slice(0, count), after: behind.slice(count) }
}

/**
 * The channel from which a channel of a layer is made, whose way is neither a sum nor nothing at all; null if it is a constant. What
 * moves numbers is asked for the middle of the map, as constants are at its edges.
 */
function channelBefore(network: Network, { layer, channel }: ChannelAt, way: Way): ChannelAt | null {
  const own = layerAt(network, layer)
  if (way.kind !== 'move') return { layer: own.inputs[way.kind === 'gated' ? way.input : 0]!, channel }
  const origin = originIn(network, layer, middleOf(own.shape, channel))
  if ('constant' in origin) return null
  const input = own.inputs[origin.input]!
  return { layer: input, channel: origin.element % channelCount(layerAt(network, input).shape) }
}

export function layerAt(network: Network, index: number): SupportedLayer {
  return network.layers[index] as SupportedLayer
}

export function inputShapes(network: Network, { inputs }: SupportedLayer): readonly Shape[] {
  return inputs.map((input) => layerAt(network, input).shape)
}

/** The element of a channel in the middle of a map, or the middle one of some tokens. */
export function middleOf(shape: Shape, channel: number): number {
  const channels = channelCount(shape)
  const middle = shape.slice(0, -1).reduce((place, length) => place * length + Math.floor(length / 2), 0)
  return middle * channels + channel
}

/** The element of a unit: row and column of a map, of the patches that tokens stand for, or `[token, 0]`. */
export function elementOf(layer: SupportedLayer, channel: number, [row, column]: Pair): number {
  const place = row * placesOf(layer)[1] + column + (layer.tokens?.first ?? 0)
  return place * channelCount(layer.shape) + channel
}

export function originIn(network: Network, layer: number, element: number, weights: Weights = []): Origin {
  const own = layerAt(network, layer)
  return originOf(own.op, inputShapes(network, own), own.shape, weights, element)
}

/** An element of a layer. */
export interface ElementAt {
  readonly layer: number
  readonly element: number
}

/** Where an element is computed: back through layers that only move numbers. */
export function computedAt(
  network: Network,
  at: ElementAt,
  weightsOf: WeightsOf = () => [],
): ElementAt | { readonly constant: number } {
  let { layer, element } = at
  while (isMove(layerAt(network, layer).op)) {
    const origin = originIn(network, layer, element, weightsOf(layer))
    if ('constant' in origin) return origin
    layer = layerAt(network, layer).inputs[origin.input]!
    element = origin.element
  }
  return { layer, element }
}

/**
 * The channels that a channel is made of one after the other, itself first, each of the one behind it: through activations,
 * normalizations, poolings, gates and moves, up to the layer that computes it, the picture, or what has no share a channel.
 */
export function carriersOf(network: Network, at: ChannelAt): ChannelAt[] {
  const carriers = [at]
  for (let last: ChannelAt | null = at; last !== null;) {
    const way = wayOf(network, last.layer)
    if (way.kind === 'kernel' || way.kind === 'sum' || way.kind === 'none' || way.kind === 'input') break
    last = channelBefore(network, last, way)
    if (last) carriers.push(last)
  }
  return carriers
}

/** How many numbers an element's layer has. */
export function sizeOf(network: Network, layer: number): number {
  return elementCount(layerAt(network, layer).shape)
}
