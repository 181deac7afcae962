/**
 * @file What is climbed when a picture is made for a unit, or for a channel. A unit is computed on its crop. For a channel it is the
 * mean of its map over the whole input: the maximum would be a unit again, with the rest of the picture left as it began.
 */
import * as tf from '@tensorflow/tfjs'
import { channelCount, elementCount, type Pair, type SupportedLayer } from '../../core/model/network.ts'
import type { Box } from '../../core/model/receptiveField.ts'
import { mapSize } from '../../core/model/units.ts'
import { beforeActivation } from '../../core/reasons/beforeActivation.ts'
import type { PictureBands } from '../../core/reasons/pictureBands.ts'
import { TapNetwork } from '../model/tapNetwork.ts'
import { ReversePass } from './reversePass.ts'
import { unitCrop } from './unitCrop.ts'

/** A unit or a whole channel of a layer. */
export interface Climbed {
  /** Index into the network's layers. */
  readonly layer: number
  readonly channel: number
  /** Row and column in the layer's map; null: the mean over all. */
  readonly unit: Pair | null
}

/** The part of the network that is climbed. It has no tensors of its own but weights of the whole network. */
export interface ClimbedPart {
  readonly taps: TapNetwork
  /** The rows and columns of the whole network's input that it reads, within the image. */
  readonly box: Box
  readonly layer: number
  readonly channel: number
  readonly unit: Pair | null
}

export function climbedPart(whole: TapNetwork, { layer, channel, unit }: Climbed): ClimbedPart {
  const before = beforeActivation(whole.network, layer)
  const taps = new TapNetwork(before.network, { of: (i) => whole.weightsOf(i) }, whole.watch)
  if (unit) return { channel, ...unitCrop(taps, before.layer, unit) }
  const [height, width] = whole.network.inputShape
  return { taps, box: [0, 0, height, width], layer: before.layer, channel, unit }
}

/**
 * What the part says of a picture `[1, H, W, bands]` of its box, and the gradient with respect to that picture, which are the
 * caller's. Throws `OutOfMemory`, and a plain Error that names a kind of layer that has no way back.
 */
export function slopeOf(
  { taps, layer, channel, unit }: ClimbedPart,
  { bands, mix, offset }: PictureBands,
  picture: tf.Tensor4D,
): { readonly value: tf.Tensor; readonly gradient: tf.Tensor4D } {
  const { network } = taps
  const channels = offset.length
  const { shape } = network.layers[layer] as SupportedLayer
  const [mixing, seed, input] = tf.tidy(() => {
    const matrix = tf.tensor2d(mix, [bands, channels])
    const flat = tf.matMul(tf.reshape(picture, [-1, bands]), matrix)
    const whole = tf.reshape(tf.add(flat, tf.tensor1d(offset)), [...picture.shape.slice(0, 3), channels])
    return [matrix, tf.tensor(seedOf(shape, channel, unit), [1, ...shape]), whole]
  })
  let pass: ReversePass | null = null
  const gradients: tf.Tensor[] = []
  try {
    pass = new ReversePass(taps, input!, layer)
    const output = pass.output(layer)
    gradients.push(...pass.back(layer, seed!, [network.input]).values())
    return tf.tidy(() => ({
      value: tf.sum(tf.mul(output, seed!)),
      gradient: tf.reshape(
        tf.matMul(tf.reshape(gradients[0]!, [-1, channels]), tf.transpose(mixing as tf.Tensor2D)),
        picture.shape,
      ),
    }))
  } finally {
    pass?.dispose()
    tf.dispose([mixing!, seed!, input!, ...gradients])
  }
}

/** The gradient of what is climbed by the layer's output, of its shape. */
function seedOf(shape: SupportedLayer['shape'], channel: number, unit: Pair | null): Float32Array {
  const seed = new Float32Array(elementCount(shape))
  const channels = channelCount(shape)
  const units = seed.length / channels
  if (unit) seed[(unit[0] * mapSize(shape)[1] + unit[1]) * channels + channel] = 1
  else for (let i = 0; i < units; i++) seed[i * channels + channel] = 1 / units
  return seed
}
