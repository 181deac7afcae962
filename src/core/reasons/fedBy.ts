/**
 * @file What a channel is fed by: the channels that its sum reads, with the part of the kernel that each is multiplied with. Weights
 * are effective ones: with the affine layers that follow the sum at once folded into them.
 */
import { channelCount, type Network, type Pair, type SupportedLayer } from '../model/network.ts'
import { placesOf } from '../model/places.ts'
import { affinesOfAll } from './affines.ts'
import { computedAt, inputShapes, layerAt, type LinearPart, middleOf, type WeightsOf } from './lineage.ts'
import { isMove } from './moves.ts'
import { eachTap } from './taps.ts'
import { isWindow, readIn, sliceOf } from './windowSlices.ts'

/** Channels of one layer, each with its part of a kernel. */
export interface KernelSlices {
  /** The index of the layer that computes them. */
  readonly layer: number
  readonly channels: Int32Array
  /** The extent of each slice. */
  readonly rows: number
  readonly columns: number
  /** `[channels, rows, columns]` */
  readonly weights: Float32Array
  /** The L2 norm of each slice, computed in double precision, and the sum of its weights. */
  readonly norms: Float64Array
  readonly sums: Float64Array
}

/** The layers whose weights `fedBy` and contributions need: also those that put constants beside what the sum reads. */
export function layersToRead(network: Network, { sum, folded }: LinearPart): number[] {
  const found = new Set([sum.layer, ...folded])
  const ahead = [...layerAt(network, sum.layer).inputs]
  for (let layer = ahead.pop(); layer !== undefined; layer = ahead.pop()) {
    if (found.has(layer) || !isMove(layerAt(network, layer).op)) continue
    found.add(layer)
    ahead.push(...layerAt(network, layer).inputs)
  }
  return [...found].filter((layer) => layerAt(network, layer).weights.length > 0)
}

/** A slice that grows by what is found. */
interface Found {
  readonly layer: number
  readonly channel: number
  readonly weights: number[]
  readonly places: number[]
}

/** The channels that a sum reads, in the order of memory, a list for each layer that computes some. */
export function fedBy(network: Network, part: LinearPart, weightsOf: WeightsOf): KernelSlices[] {
  const { sum } = part
  const layer = layerAt(network, sum.layer)
  const element = middleOf(layer.shape, sum.channel)
  const { factor } = affinesOfAll(network, part.folded, weightsOf)(element)
  if (sum.way === 'places') {
    const one = { layer: layer.inputs[0]!, channel: sum.channel, weights: [factor], places: [0] }
    return packed([one], () => [1, 1])
  }
  const found = new Map<string, Found>()
  const add = (input: number, at: number, weights: readonly number[]): void => {
    const origin = computedAt(network, { layer: layer.inputs[input]!, element: at }, weightsOf)
    if ('constant' in origin) return
    const channels = channelCount(layerAt(network, origin.layer).shape)
    const channel = origin.element % channels
    const key = `${origin.layer}/${channel}`
    let slice = found.get(key)
    if (!slice) found.set(key, (slice = { layer: origin.layer, channel, weights: [], places: [] }))
    slice.weights.push(...weights.map((weight) => weight * factor))
    slice.places.push(Math.floor(origin.element / channels))
  }
  const { op } = layer
  if (isWindow(op)) {
    const { shape } = layerAt(network, layer.inputs[0]!)
    for (const from of readIn(op, channelCount(shape), sum.channel))
      add(0, middleOf(shape, from), sliceOf(op, channelCount(shape), weightsOf(sum.layer), sum.channel, from))
    const [rows, columns] = op.kernel
    return packed([...found.values()], ({ weights }) => [rows, weights.length / rows], columns)
  }
  eachTap(layer, inputShapes(network, layer), weightsOf(sum.layer), element, (input, at, weight) =>
    add(input, at, [weight]),
  )
  const spread = [...found.values()].map((slice) => onGrid(layerAt(network, slice.layer), slice))
  return packed(spread, (slice) => slice.extent)
}

/** The weights of a slice at the places of its layer's map; of a single place they stay what they are. */
function onGrid(layer: SupportedLayer, slice: Found): Found & { readonly extent: Pair } {
  const [rows, columns] = placesOf(layer)
  const isSpread = new Set(slice.places).size > 1 && rows * columns > 1
  if (!isSpread) return { ...slice, extent: [1, slice.weights.length] }
  const weights = Array<number>(rows * columns).fill(0)
  const first = layer.tokens?.first ?? 0
  for (const [i, place] of slice.places.entries())
    if (place >= first && place - first < weights.length) weights[place - first]! += slice.weights[i]!
  return { ...slice, weights, extent: [rows, columns] }
}

/** A list for each layer, its slices as large as the largest. `tile`: the columns of the windows that lie side by side in a slice. */
function packed<S extends Found>(
  all: readonly S[],
  extentOf: (slice: S) => Pair,
  tile?: number,
): KernelSlices[] {
  return [...new Set(all.map(({ layer }) => layer))].map((layer) => {
    const own = all.filter((slice) => slice.layer === layer)
    const extents = own.map(extentOf)
    const rows = Math.max(...extents.map(([height]) => height))
    const columns = Math.max(...extents.map(([, width]) => width))
    const weights = new Float32Array(own.length * rows * columns)
    for (const [i, slice] of own.entries()) {
      const [height, width] = extents[i]!
      const across = tile ?? width
      for (const [k, weight] of slice.weights.entries()) {
        const row = Math.floor(k / across) % height
        const column = (k % across) + Math.floor(k / (across * height)) * across
        weights[(i * rows + row) * columns + column] = weight
      }
    }
    return kernelSlices(layer, [rows, columns], weights, own)
  })
}

/** The slices of a layer whose `weights` are put together already; norms and sums are those of each channel's own numbers. */
export function kernelSlices(
  layer: number,
  [rows, columns]: Pair,
  weights: Float32Array,
  slices: readonly { readonly channel: number; readonly weights: readonly number[] }[],
): KernelSlices {
  return {
    layer,
    channels: Int32Array.from(slices, ({ channel }) => channel),
    rows,
    columns,
    weights,
    norms: Float64Array.from(slices, (slice) => normOf(slice.weights)),
    sums: Float64Array.from(slices, (slice) => sumOf(slice.weights)),
  }
}

function normOf(weights: readonly number[]): number {
  return Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0))
}

function sumOf(weights: readonly number[]): number {
  return weights.reduce((sum, weight) => sum + weight, 0)
}
