/** @file The outputs of layers for one image, on the grid of the image, and single channels of them. */
import * as tf from '@tensorflow/tfjs'
import { elementCount, type SupportedLayer } from '../../core/model/network.ts'
import { placesOf } from '../../core/model/places.ts'
import { TapNetwork } from '../model/tapNetwork.ts'

/** One channel of a layer's output for one image. */
export interface ChannelMap {
  /** Both are 1 for a layer with one unit, as a dense one. */
  readonly rows: number
  readonly columns: number
  /** `[rows, columns]` */
  readonly values: Float32Array
}

/**
 * Runs one input `[H, W, C]` through the network, each layer on its own, whatever pass is prepared, and returns one channel of a layer.
 * It is queued when this returns. Rejects with `OutOfMemory`, `backend/lost`.
 */
export async function channelMap(
  network: TapNetwork,
  data: Float32Array,
  layer: number,
  channel: number,
): Promise<ChannelMap> {
  // Nothing is prepared in it, and its weights are the network's.
  const plain = new TapNetwork(network.network, { of: (i) => network.weightsOf(i) }, network.watch)
  let part: tf.Tensor | null = null
  withInput(plain, data, (input) =>
    plain.run(input, new Set([layer]), (_, output) => {
      part = tf.tidy(() =>
        channelOf(onGrid(output, network.network.layers[layer] as SupportedLayer), channel),
      )
    }),
  )
  return readMap(network, part! as tf.Tensor)
}

/** Makes a tensor `[1, H, W, C]` of an input for as long as `use` takes. */
export function withInput(
  { network }: TapNetwork,
  data: Float32Array,
  use: (input: tf.Tensor4D) => void,
): void {
  const input = tf.tensor4d(data, [1, ...network.inputShape])
  try {
    use(input)
  } finally {
    input.dispose()
  }
}

/**
 * A layer's output as a map `[1, rows, columns, C]`, which is the caller's. Of tokens, those that stand for patches of the image
 * lie at the places of these; a layer with one unit a channel has one row and column.
 */
export function onGrid(output: tf.Tensor, layer: SupportedLayer): tf.Tensor4D {
  const [rows, columns] = placesOf(layer)
  const channels = output.shape.at(-1)!
  return tf.tidy(() => {
    const { tokens } = layer
    const placed = tokens
      ? tf.slice(output, [0, tokens.first, 0], [1, elementCount(tokens.grid), channels])
      : output
    return tf.reshape(placed, [1, rows, columns, channels])
  })
}

/** One channel of `[1, rows, columns, C]`, as `[1, rows, columns, 1]`. */
export function channelOf(map: tf.Tensor4D, channel: number): tf.Tensor4D {
  const [, rows, columns] = map.shape
  return tf.slice(map, [0, 0, 0, channel], [1, rows, columns, 1])
}

/** Reads `[1, rows, columns, 1]` back, and disposes of it. */
export async function readMap(network: TapNetwork, part: tf.Tensor): Promise<ChannelMap> {
  try {
    const [, rows, columns] = part.shape as [number, number, number, number]
    return { rows, columns, values: await network.read(part) }
  } finally {
    part.dispose()
  }
}
