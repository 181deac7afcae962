/**
 * @file What a channel feeds: which channels of the sums behind it read it, and with what weights. Through activations, normalizations,
 * poolings, additions and moves it is followed to all of them; weights are effective ones, with the affine layers that alone read such a
 * sum folded into them.
 */
import { channelCount, type Network, type Pair } from '../model/network.ts'
import { placesOf } from '../model/places.ts'
import { affinesOfAll } from './affines.ts'
import { kernelSlices, type KernelSlices } from './fedBy.ts'
import {
  type ChannelAt,
  computedAt,
  inputShapes,
  layerAt,
  middleOf,
  originIn,
  type WeightsOf,
} from './lineage.ts'
import { eachTap } from './taps.ts'
import { ownActivation, wayOf } from './ways.ts'
import { isWindow, readIn, sliceOf } from './windowSlices.ts'

/** A sum that reads the channel. */
export interface Reader {
  readonly layer: number
  /** The layers that are affine in each channel and follow it, each the only one that reads the one before: they are folded. */
  readonly folded: readonly number[]
  /** The layers that show its channels, itself first: those that alone read the one before, channel by channel. */
  readonly shown: readonly number[]
}

/** Where a channel cannot be followed further. */
export interface End {
  readonly layer: number
  /** A sentence. */
  readonly reason: string
}

export interface Reading {
  /** In the network's order. */
  readonly readers: readonly Reader[]
  readonly ends: readonly End[]
  /** The layers through which the channel is followed, itself first. */
  readonly through: readonly number[]
}

/** The sums that read a layer. Tokens that are only shown apart are read as those of the layer that computes them. */
export function readingOf(network: Network, shown: number): Reading {
  const layer = isView(network, shown) ? layerAt(network, shown).inputs[0]! : shown
  const through = new Set([layer])
  const readers: Reader[] = []
  const ends: End[] = []
  for (const [index, { op, inputs }] of network.layers.entries()) {
    if (op === null || index <= layer || !inputs.some((input) => through.has(input))) continue
    const way = wayOf(network, index)
    if (way.kind === 'kernel') readers.push(readerOf(network, index))
    else if (way.kind === 'none') ends.push({ layer: index, reason: way.reason })
    else if (way.kind === 'gated' && !through.has(inputs[way.input]!))
      ends.push({ layer: index, reason: 'There it is a gate, by which other channels are multiplied.' })
    else through.add(index)
  }
  return { readers, ends, through: [...through] }
}

/** Whether a layer is there only to be looked at: `core/model/tokenLayers` adds some that no other reads. */
function isView(network: Network, layer: number): boolean {
  const { kind } = layerAt(network, layer).op
  const isOfTokens = kind === 'patches' || kind === 'token'
  return isOfTokens && !network.layers.some(({ op, inputs }) => op !== null && inputs.includes(layer))
}

function readerOf(network: Network, layer: number): Reader {
  const shown = [layer]
  for (let next = soleReader(network, layer); next !== null; next = soleReader(network, next)) {
    const { kind } = wayOf(network, next)
    if (kind !== 'affine' && kind !== 'function' && !isIdentity(network, next)) break
    shown.push(next)
  }
  const behind = ownActivation(layerAt(network, layer).op) ? [] : shown.slice(1)
  const end = behind.findIndex((at) => wayOf(network, at).kind !== 'affine' && !isIdentity(network, at))
  return { layer, shown, folded: end < 0 ? behind : behind.slice(0, end) }
}

/** The affine layers behind a layer, each the only one that reads the one before. */
export function affineBehind(network: Network, layer: number): number[] {
  const found: number[] = []
  for (let next = soleReader(network, layer); next !== null; next = soleReader(network, next)) {
    if (wayOf(network, next).kind !== 'affine' && !isIdentity(network, next)) break
    found.push(next)
  }
  return found
}

function isIdentity(network: Network, layer: number): boolean {
  return layerAt(network, layer).op.kind === 'identity'
}

/** The only layer that reads another; null if there are several, or none. */
function soleReader(network: Network, layer: number): number | null {
  const readers = network.layers.flatMap(({ inputs, op }, i) => (op && inputs.includes(layer) ? [i] : []))
  return readers.length === 1 ? readers[0]! : null
}

/** For each layer through which a layer's channels are followed, which of these each of its channels is; -1: none. */
export type ChannelNumbers = ReadonlyMap<number, Int32Array>

export function channelNumbers(network: Network, [first, ...rest]: readonly number[]): ChannelNumbers {
  const numbers = new Map<number, Int32Array>()
  const channelsOf = (layer: number): number => channelCount(layerAt(network, layer).shape)
  numbers.set(
    first!,
    Int32Array.from({ length: channelsOf(first!) }, (_, c) => c),
  )
  for (const layer of rest) {
    const { inputs, shape } = layerAt(network, layer)
    const own = new Int32Array(channelsOf(layer)).fill(-1)
    const way = wayOf(network, layer)
    if (way.kind === 'move')
      for (const channel of own.keys()) {
        const origin = originIn(network, layer, middleOf(shape, channel))
        if ('constant' in origin) continue
        const from = inputs[origin.input]!
        own[channel] = numbers.get(from)?.[origin.element % channelsOf(from)] ?? -1
      }
    else
      for (const from of way.kind === 'gated' ? [inputs[way.input]!] : inputs) {
        const before = numbers.get(from)
        if (before?.length !== own.length) continue
        for (const [channel, number] of before.entries()) if (own[channel] === -1) own[channel] = number
      }
    numbers.set(layer, own)
  }
  return numbers
}

/** The channels of a reader that read a channel, each with its weights; empty if none does. */
export function feedsOf(
  network: Network,
  channel: number,
  numbers: ChannelNumbers,
  { layer: index, folded }: Reader,
  weightsOf: WeightsOf,
): KernelSlices {
  const layer = layerAt(network, index)
  const affine = affinesOfAll(network, folded, weightsOf)
  const { rows, columns, slices } = isWindow(layer.op)
    ? windowsOf(network, index, channel, numbers, weightsOf)
    : raysOf(network, index, channel, numbers, weightsOf)
  const scaled = slices.map(({ channel: out, weights }) => {
    const { factor } = affine(middleOf(layer.shape, out))
    return { channel: out, weights: weights.map((weight) => weight * factor) }
  })
  const weights = new Float32Array(scaled.length * rows * columns)
  for (const [i, slice] of scaled.entries()) weights.set(slice.weights, i * rows * columns)
  return kernelSlices(index, [rows, columns], weights, scaled)
}

interface Slices {
  readonly rows: number
  readonly columns: number
  readonly slices: readonly (ChannelAt & { readonly weights: readonly number[] })[]
}

function windowsOf(
  network: Network,
  index: number,
  channel: number,
  numbers: ChannelNumbers,
  weightsOf: WeightsOf,
): Slices {
  const { op, inputs, shape } = layerAt(network, index)
  if (!isWindow(op)) throw new Error(`${op.kind} has no window`)
  const from = numbers.get(inputs[0]!)!
  const [rows, columns] = op.kernel
  const read = new Set([...from.keys()].filter((c) => from[c] === channel))
  let widest = 0
  const found = Array.from({ length: channelCount(shape) }, (_, out) => {
    const own = readIn(op, from.length, out).filter((c) => read.has(c))
    widest = Math.max(widest, own.length)
    const tiles = own.map((c) => sliceOf(op, from.length, weightsOf(index), out, c))
    return { layer: index, channel: out, tiles }
  }).filter(({ tiles }) => tiles.length > 0)
  // Several channels of the input that are the same one stand side by side.
  const slices = found.map(({ tiles, ...at }) => ({
    ...at,
    weights: Array.from({ length: rows * columns * widest }, (_, k) => {
      const [row, column] = [Math.floor(k / (columns * widest)), k % (columns * widest)]
      return tiles[Math.floor(column / columns)]?.[row * columns + (column % columns)] ?? 0
    }),
  }))
  return { rows, columns: columns * widest, slices }
}

/** A number that is read of the channel, and its place among those of the layer that computes it. */
interface Ray {
  readonly at: number
  readonly place: number
  readonly layer: number
}

function raysOf(
  network: Network,
  index: number,
  channel: number,
  numbers: ChannelNumbers,
  weightsOf: WeightsOf,
): Slices {
  const layer = layerAt(network, index)
  const shapes = inputShapes(network, layer)
  const rayAt = (at: number): Ray | null => {
    const origin = computedAt(network, { layer: layer.inputs[0]!, element: at })
    if ('constant' in origin) return null
    const own = numbers.get(origin.layer)
    return own?.[origin.element % own.length] === channel
      ? { at, place: Math.floor(origin.element / own.length), layer: origin.layer }
      : null
  }
  const outputs = channelCount(layer.shape)
  const rays: Ray[] = []
  const seen = new Map<number, number>()
  eachTap(layer, shapes, weightsOf(index), middleOf(layer.shape, 0), (_, at) => {
    const ray = rayAt(at)
    if (ray) {
      seen.set(at, rays.length)
      rays.push(ray)
    }
  })
  const [rows, columns] = gridOf(network, rays)
  const first = rays[0] ? (layerAt(network, rays[0].layer).tokens?.first ?? 0) : 0
  const slices = Array.from({ length: rays.length > 0 ? outputs : 0 }, (_, out) => {
    const weights = Array<number>(rows * columns).fill(0)
    const add = (ray: number, weight: number): void => {
      const place = rows * columns === 1 ? 0 : rays[ray]!.place - first
      if (place in weights) weights[place]! += weight
    }
    if (layer.op.kind === 'dense') {
      const inputs = channelCount(shapes[0]!)
      for (const [i, { at }] of rays.entries()) add(i, weightsOf(index)[0]![(at % inputs) * outputs + out]!)
    } else
      eachTap(layer, shapes, weightsOf(index), middleOf(layer.shape, out), (_input, at, weight) => {
        const ray = seen.get(at)
        if (ray !== undefined) add(ray, weight)
      })
    return { layer: index, channel: out, weights }
  })
  return { rows, columns, slices }
}

/** Rows and columns of what is read; of one place only, or of several channels at one place, a single number. */
function gridOf(network: Network, rays: readonly Ray[]): Pair {
  const isSpread = new Set(rays.map(({ place }) => place)).size > 1
  return isSpread ? placesOf(layerAt(network, rays[0]!.layer)) : [1, 1]
}
