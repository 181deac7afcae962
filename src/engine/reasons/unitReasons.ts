/**
 * @file What the channels that a unit reads have contributed to its value in one picture (`core/reasons/contributions`), and the
 * proof: the sum run again without one of them. Loaded when it is first asked for.
 */
import * as tf from '@tensorflow/tfjs'
import { channelCount, type Network, type Pair, type SupportedLayer } from '../../core/model/network.ts'
import { placesOf } from '../../core/model/places.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { affinesOfAll } from '../../core/reasons/affines.ts'
import { type Contributions, contributionsOf, productsOf } from '../../core/reasons/contributions.ts'
import { layersToRead } from '../../core/reasons/fedBy.ts'
import {
  type ChannelAt,
  elementOf,
  type ElementAt,
  layerAt,
  type LinearPart,
  linearPartOf,
  originIn,
} from '../../core/reasons/lineage.ts'
import { eachPlace } from '../../core/reasons/taps.ts'
import { ownActivation, wayOf } from '../../core/reasons/ways.ts'
import { withoutWinograd } from '../backend/kernels/convolution/choice.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import { type Picture, pictureInput } from '../images/pictureInput.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { withInput } from '../scan/channelMap.ts'
import { weightsRead } from './circuits.ts'
import { replayed } from './replay.ts'

/** A unit: the row and column in its layer's map. */
export interface UnitAt extends ChannelAt {
  readonly unit: Pair
}

/** A unit in a picture. */
export interface UnitInPicture extends UnitAt {
  readonly picture: Picture
  readonly preprocessing: Preprocessing
}

/** The unit's value before its activation, in double precision, and what it is the sum of. */
export interface UnitReasons extends Contributions {
  /** The value, computed by the engine's kernels: the same to `sumTolerance`. */
  readonly computed: number
  /** The unit of the layer that adds. */
  readonly unit: Pair
  /** What follows the sum, the activation that its layer ends in first: the unit's value in each, up to its own layer. */
  readonly after: readonly { readonly layer: number; readonly value: number }[]
}

/** A unit's value before its activation, run again; and without channels, one value for each of them. */
export interface ValuesWithout {
  readonly before: number
  readonly without: readonly number[]
}

/**
 * Null if the channel comes from no sum, or the unit from a constant, as in a margin. Rejects with `images/…`, `OutOfMemory`,
 * `backend/lost`.
 */
export async function unitReasons(
  network: TapNetwork,
  reader: PixelReader,
  claim: UnitInPicture,
): Promise<UnitReasons | null> {
  return reasonsIn(network, await inputOf(network, reader, claim), claim)
}

/**
 * Runs the sum that a unit comes from again, each time with one of the channels that it reads set to zero in the whole map. It is
 * null and rejects as `unitReasons` does.
 */
export async function unitWithout(
  network: TapNetwork,
  reader: PixelReader,
  claim: UnitInPicture,
  channels: readonly ChannelAt[],
): Promise<ValuesWithout | null> {
  return valuesWithout(network, await inputOf(network, reader, claim), claim, channels)
}

/** As `unitReasons`, for an input `[H, W, C]`. */
export async function reasonsIn(
  network: TapNetwork,
  input: Float32Array,
  place: UnitAt,
): Promise<UnitReasons | null> {
  const plain = network.network
  const part = linearPartOf(plain, place.layer, place.channel)
  if ('reason' in part) return null
  const { sum, folded, after } = part
  const { inputs, op } = layerAt(plain, sum.layer)
  const last = folded.at(-1) ?? sum.layer
  const weightsOf = await weightsRead(network, layersToRead(plain, part))
  const read = sum.way === 'places' ? [] : inputs
  return withUnit(network, input, place, part, [...read, sum.layer, last, ...after], async (unit) => {
    const { element } = unit.path[0]!
    const known = new Map(read.map((layer) => [layer, unit.maps.get(layer)!]))
    const [ofSum, computed, ...behind] = await Promise.all([
      unit.valueAt({ layer: sum.layer, element }),
      known.size > 0
        ? computedAgain(network, known, sum.layer, last, element)
        : unit.valueAt({ layer: last, element }),
      ...unit.path.slice(1).map(async (at) => ({ layer: at.layer, value: await unit.valueAt(at) })),
    ])
    const isActivated = ownActivation(op) !== null
    const ends = {
      unit: unitOf(layerAt(plain, sum.layer), element),
      computed,
      after: isActivated ? [{ layer: sum.layer, value: ofSum }, ...behind] : behind,
    }
    if (sum.way === 'places') {
      const { factor, offset } = affinesOfAll(plain, folded, weightsOf)(element)
      const term = { layer: inputs[0]!, channel: sum.channel, value: factor * ofSum }
      const size = Math.abs(term.value) + Math.abs(offset)
      return { terms: [term], bias: offset, value: term.value + offset, size, ...ends }
    }
    const products = productsOf(plain, part, weightsOf, element)
    const numbers = await Promise.all(
      inputs.map((layer, i) =>
        unit.numbersAt(
          layer,
          products.elements.filter((_, k) => products.inputs[k] === i),
        ),
      ),
    )
    return {
      ...contributionsOf(plain, part, weightsOf, products, (i, at) => numbers[i]!(at)),
      ...ends,
    }
  })
}

/** As `unitWithout`, for an input `[H, W, C]`. */
export async function valuesWithout(
  network: TapNetwork,
  input: Float32Array,
  place: UnitAt,
  channels: readonly ChannelAt[],
): Promise<ValuesWithout | null> {
  const plain = network.network
  const part = linearPartOf(plain, place.layer, place.channel)
  if ('reason' in part) return null
  const last = part.folded.at(-1) ?? part.sum.layer
  const sources = sourceLayers(network, part)
  return withUnit(network, input, place, part, sources, async ({ maps, path }) => {
    const known = new Map(sources.map((source) => [source, maps.get(source)!]))
    const run = (changed: ReadonlyMap<number, tf.Tensor>): Promise<number> =>
      computedAgain(network, changed, part.sum.layer, last, path[0]!.element)
    const without: number[] = []
    for (const { layer, channel } of channels) {
      const zeroed = withoutChannel(known.get(layer)!, channel)
      try {
        without.push(await run(new Map(known).set(layer, zeroed)))
      } finally {
        zeroed.dispose()
      }
    }
    return { before: await run(known), without }
  })
}

function inputOf(
  network: TapNetwork,
  reader: PixelReader,
  { picture, preprocessing }: UnitInPicture,
): Promise<Float32Array> {
  return pictureInput(picture, network.network.inputShape, preprocessing, reader)
}

/**
 * An element of a sum with what is folded into it, by the engine's kernels from the maps before it, without the activation of its
 * layer. Winograd's convolutions round by more than single products do, so they are left out.
 */
async function computedAgain(
  network: TapNetwork,
  known: ReadonlyMap<number, tf.Tensor>,
  sum: number,
  last: number,
  element: number,
): Promise<number> {
  const output = withoutWinograd(() => replayed(network, known, last, new Set([sum])))
  try {
    return (await numbersOf(network, output, element, 1))[0]!
  } finally {
    output.dispose()
  }
}

/** The map with a channel of zeros. A product with 0 would make NaN of infinite numbers. */
function withoutChannel(map: tf.Tensor, channel: number): tf.Tensor {
  return tf.tidy(() => {
    const isOther = Array.from({ length: map.shape.at(-1)! }, (_, c) => c !== channel)
    return tf.where(tf.broadcastTo(tf.tensor1d(isOther, 'bool'), map.shape), map, tf.zerosLike(map))
  })
}

/** The layers that compute what the sum reads. */
function sourceLayers({ network }: TapNetwork, { sum }: LinearPart): number[] {
  const found = new Set<number>()
  const ahead = [...layerAt(network, sum.layer).inputs]
  for (let layer = ahead.pop(); layer !== undefined; layer = ahead.pop()) {
    if (wayOf(network, layer).kind === 'move') ahead.push(...layerAt(network, layer).inputs)
    else found.add(layer)
  }
  return [...found]
}

/** A unit whose picture has been run. */
interface RunUnit {
  /** The outputs of the layers that were asked for, `[1, …]`. */
  readonly maps: ReadonlyMap<number, tf.Tensor>
  /** The elements that the unit is one after the other, that of the sum first, that of its own layer last. */
  readonly path: readonly ElementAt[]
  valueAt(at: ElementAt): Promise<number>
  /** Reads what is between the first and the last of these elements. */
  numbersAt(layer: number, elements: readonly number[]): Promise<(element: number) => number>
}

/** Runs an input up to the layer of a unit, and keeps the maps of some layers for as long as `use` takes. */
async function withUnit<T>(
  network: TapNetwork,
  input: Float32Array,
  { layer, channel, unit }: UnitAt,
  part: LinearPart,
  layers: readonly number[],
  use: (unit: RunUnit) => Promise<T>,
): Promise<T | null> {
  const plain = network.network
  const windows = part.after.filter((at) => wayOf(plain, at).kind === 'largest')
  const wanted = new Set([...layers, ...windows.map((at) => layerAt(plain, at).inputs[0]!)])
  const maps = new Map<number, tf.Tensor>()
  try {
    const keep = (at: number, output: tf.Tensor): void => {
      maps.set(at, tf.clone(output))
    }
    withInput(network, input, (image) => network.run(image, wanted, keep, null, layer))
    const numbersAt: RunUnit['numbersAt'] = async (at, elements) => {
      const [first, last] = elements.reduce(
        ([low, high], element) => [Math.min(low, element), Math.max(high, element)],
        [Infinity, -1],
      )
      if (last < 0) return () => Number.NaN
      const numbers = await numbersOf(network, maps.get(at)!, first, last - first + 1)
      return (element) => numbers[element - first]!
    }
    const valueAt: RunUnit['valueAt'] = async (at) => (await numbersAt(at.layer, [at.element]))(at.element)
    const end = elementOf(layerAt(plain, layer), channel, unit)
    const path = await pathTo(network, part, end, numbersAt)
    return path && (await use({ maps, path, valueAt, numbersAt }))
  } finally {
    tf.dispose([...maps.values()])
  }
}

/** Some numbers of a tensor, in the order of memory. */
async function numbersOf(
  network: TapNetwork,
  tensor: tf.Tensor,
  first: number,
  count: number,
): Promise<Float32Array> {
  const some = tf.tidy(() => tf.slice(tf.reshape(tensor, [-1]), [first], [count]))
  try {
    return await network.read(some)
  } finally {
    some.dispose()
  }
}

/** Null if the unit comes from a constant. */
async function pathTo(
  { network }: TapNetwork,
  { sum, after }: LinearPart,
  end: number,
  numbersAt: RunUnit['numbersAt'],
): Promise<ElementAt[] | null> {
  const path: ElementAt[] = []
  let element = end
  for (const layer of after.toReversed()) {
    path.unshift({ layer, element })
    const { kind } = wayOf(network, layer)
    if (kind === 'largest') element = await largestIn(network, { layer, element }, numbersAt)
    else if (kind === 'move') {
      const origin = originIn(network, layer, element)
      if ('constant' in origin) return null
      element = origin.element
    }
  }
  return [{ layer: sum.layer, element }, ...path]
}

/** The element of the input that is the largest number of an element of a pooling; the first of equal ones. */
async function largestIn(
  network: Network,
  { layer, element }: ElementAt,
  numbersAt: RunUnit['numbersAt'],
): Promise<number> {
  const own = layerAt(network, layer)
  const input = own.inputs[0]!
  const { shape } = layerAt(network, input)
  const channels = channelCount(shape)
  const channel = element % channels
  const elements = windowOf(own, shape, Math.floor(element / channels)).map((at) => at * channels + channel)
  const numberAt = await numbersAt(input, elements)
  return elements.reduce((best, one) => (numberAt(one) > numberAt(best) ? one : best))
}

/** The places of the input among which a pooling takes the largest number. */
function windowOf({ op, shape }: SupportedLayer, input: readonly number[], place: number): number[] {
  if (op.kind !== 'pool') return Array.from({ length: input[0]! * input[1]! }, (_, i) => i)
  const places: number[] = []
  const columns = shape[1]!
  eachPlace(op, input, Math.floor(place / columns), place % columns, (_row, _column, at) => places.push(at))
  return places
}

/** Row and column of an element, among the places of its layer. */
function unitOf(layer: SupportedLayer, element: number): Pair {
  const place = Math.floor(element / channelCount(layer.shape)) - (layer.tokens?.first ?? 0)
  const columns = placesOf(layer)[1]
  return [Math.floor(place / columns), place % columns]
}
