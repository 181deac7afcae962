/** @file Which of a Keras model's inputs is the image, and its shape as rows, columns, channels. */
import { shownValue } from '../../shownValue.ts'
import { elementCount, type MapShape, type Pair } from '../network.ts'
import { type ImageInput, imageInput, isChannelCountOfImages } from '../imageInput.ts'
import { declaredShape, type KerasLayer } from './kerasConfig.ts'

export interface KerasInput extends ImageInput {
  readonly input: KerasLayer
}

/** Whether the file counts channels before rows. A `Network` always has them last. */
export function isChannelsFirst(layers: readonly KerasLayer[]): boolean {
  // Flatten keeps its default in any network.
  return layers.some(
    ({ className, config }) => className !== 'Flatten' && config['data_format'] === 'channels_first',
  )
}

/** Throws a plain Error with the reason, in words, if there is not exactly one image input. */
export function readInput(
  layers: readonly KerasLayer[],
  channelsFirst: boolean,
  inputSize: Pair | null,
): KerasInput {
  const inputs = layers.filter(({ className }) => className === 'InputLayer')
  // If there are several, the one that looks like an image is meant; layers behind the others cannot be scanned.
  const images = inputs.length === 1 ? inputs : inputs.filter((layer) => looksLikeImage(layer, channelsFirst))
  if (images.length !== 1) {
    const names = inputs.map(({ name }) => name).join(', ')
    throw new Error(`it has ${inputs.length} inputs${names ? ` (${names})` : ''}`)
  }
  const [input] = images as [KerasLayer]
  const shape = declaredShape(input.config)
  if (shape === undefined || shape === null)
    throw new Error(
      `the file does not tell the shape of its input "${input.name}": save the model again, or write batch_input_shape into its configuration`,
    )
  const text = shownValue(shape).replaceAll('null', '?')
  const extents =
    imageExtents(shape, channelsFirst, () => isFlatGrey(input, layers)) ??
    (channelsFirst ? undefined : unrolledExtents(shape, input, layers))
  if (!extents) throw new Error(`its input has shape ${text}, which is no image`)
  const [height, width, channels] = extents
  if (channels === null) throw new Error(`its input has shape ${text}, which leaves the channels open`)
  return { input, ...imageInput(height, width, channels, inputSize) }
}

type Extent = number | null

/** Rows, columns, channels of a shape with the batch; undefined if it is no image. */
function imageExtents(
  shape: unknown,
  channelsFirst: boolean,
  isGrey: () => boolean,
): readonly [Extent, Extent, Extent] | undefined {
  if (!Array.isArray(shape) || !shape.slice(1).every((n) => n === null || typeof n === 'number'))
    return undefined
  const [, a, b, c] = shape as Extent[]
  if (shape.length === 3 && isGrey()) return [a!, b!, 1]
  if (shape.length !== 4) return undefined
  return channelsFirst ? [b!, c!, a!] : [a!, b!, c!]
}

/** Layers that make the same of `[28, 28]` and `[28, 28, 1]`. */
const indifferentToGrey = new Set(['Flatten', 'Reshape'])

/** Grey pictures without an axis for the channel, as MNIST comes. */
function isFlatGrey(input: KerasLayer, layers: readonly KerasLayer[]): boolean {
  const readers = layers.filter(({ inputs }) => inputs.includes(input.name))
  return readers.length > 0 && readers.every(({ className }) => indifferentToGrey.has(className))
}

/**
 * Pictures whose pixels come one after the other, if all layers that read them make the same map of them first. A map of
 * one column or row is a sound or a series.
 */
function unrolledExtents(
  shape: unknown,
  input: KerasLayer,
  layers: readonly KerasLayer[],
): MapShape | undefined {
  if (!Array.isArray(shape)) return undefined
  const count = elementCount(shape.slice(1).map(Number))
  const readers = layers.filter(({ inputs }) => inputs.includes(input.name))
  const maps = readers.map(({ className, config }) => {
    const target = className === 'Reshape' ? config['target_shape'] : null
    if (!Array.isArray(target) || target.length !== 3) return undefined
    const known = elementCount((target as number[]).filter((n) => n !== -1))
    return (target as number[]).map((n) => (n === -1 ? count / known : n))
  })
  const [map] = maps
  const fits = map && maps.every((other) => String(other) === String(map)) && elementCount(map) === count
  return fits && map.every((n) => Number.isInteger(n) && n > 0) && Math.min(map[0]!, map[1]!) > 1
    ? (map as [number, number, number])
    : undefined
}

function looksLikeImage(layer: KerasLayer, channelsFirst: boolean): boolean {
  const extents = imageExtents(declaredShape(layer.config), channelsFirst, () => false)
  return extents !== undefined && isChannelCountOfImages(extents[2])
}
