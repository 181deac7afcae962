/** @file Which of a graph's inputs is the image, and the order of its axes. */
import { type ImageInput, imageInput, isChannelCountOfImages } from '../imageInput.ts'
import type { Pair } from '../network.ts'
import type { OnnxGraph, ValueInfo } from './modelProto.ts'

export interface OnnxImage extends ImageInput {
  readonly name: string
  /** For each axis behind the batch the axis of the map: rows, columns, channels. */
  readonly axes: readonly number[]
  /** The number of images that the file fixes; 1 if it leaves it open. */
  readonly batch: number
  /** The network takes whole numbers. */
  readonly wholeNumbers: boolean
}

const floatTypes = new Set(['float32', 'float16', 'float64', 'bfloat16'])
const wholeTypes = new Set(['uint8', 'int8', 'int32', 'int64'])

/** Throws a plain Error with the reason, in words, if there is not exactly one image. */
export function readOnnxInput(graph: OnnxGraph, inputSize: Pair | null): OnnxImage {
  // Files of the first versions list their weights among the inputs.
  const stored = new Set(graph.initializers.map(({ name }) => name))
  const inputs = graph.inputs.filter(({ name }) => !stored.has(name))
  const images = inputs.filter(isImage)
  const [image] = images
  if (images.length !== 1 || !image) {
    const words = inputs.map(({ name, shape }) => `${name}${shape ? ` ${shapeWords(shape)}` : ''}`)
    throw new Error(
      inputs.length === 0
        ? 'it has no inputs'
        : `none or several of its inputs are images (${words.join(', ')})`,
    )
  }
  const [batch, ...rest] = image.shape!
  const isLast = rest.length === 3 && !isChannelCountOfImages(rest[0]) && isChannelCountOfImages(rest[2])
  const [rows, columns, channels] = isLast
    ? rest
    : rest.length === 3
      ? [rest[1], rest[2], rest[0]]
      : [...rest, 1]
  const input = imageInput(
    rows ?? null,
    columns ?? null,
    channels ?? channelsOfFirstWeight(graph, image),
    inputSize,
  )
  const axes = rest.length === 2 ? [0, 1] : isLast ? [0, 1, 2] : [2, 0, 1]
  return { ...input, name: image.name, axes, batch: batch ?? 1, wholeNumbers: wholeTypes.has(image.type) }
}

/** Four axes, or three of grey pictures. */
function isImage({ shape, type }: ValueInfo): boolean {
  return (
    shape !== null &&
    (shape.length === 4 || shape.length === 3) &&
    (floatTypes.has(type) || wholeTypes.has(type))
  )
}

function shapeWords(shape: readonly (number | null)[]): string {
  return `[${shape.map((length) => length ?? '?').join(', ')}]`
}

/** If the file leaves the channels open, the first convolution says how many it takes. */
function channelsOfFirstWeight({ nodes, initializers }: OnnxGraph, image: ValueInfo): number {
  const first = nodes.find(({ op }) => op === 'Conv')
  const weight = initializers.find(({ name }) => name === first?.inputs[1])
  const channels = weight?.shape[1]
  if (channels === undefined)
    throw new Error(`its input has shape ${shapeWords(image.shape!)}, which leaves the channels open`)
  return channels
}
