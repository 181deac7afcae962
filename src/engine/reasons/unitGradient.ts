/** @file What a unit's activation changes with: its gradient with respect to the network's input. Only its crop is run. */
import * as tf from '@tensorflow/tfjs'
import { channelCount, elementCount, type Pair, type SupportedLayer } from '../../core/model/network.ts'
import { mapSize } from '../../core/model/units.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { PixelReader } from '../images/decodeImage.ts'
import { type Picture, pictureInput } from '../images/pictureInput.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { ReversePass } from './reversePass.ts'
import { type UnitCrop, unitCrop } from './unitCrop.ts'

/** A unit, and the picture in which it is looked at. */
export interface UnitAt {
  /** Index into the network's layers. */
  readonly layer: number
  readonly channel: number
  /** Row and column in the layer's map; `[0, 0]` if it is none. */
  readonly unit: Pair
  readonly picture: Picture
  readonly preprocessing: Preprocessing
}

/**
 * d activation / d input, `[H, W, C]` as the network's input, which is the picture after preprocessing; 0 outside of the unit's
 * receptive field. Throws `images/…`; rejects with `OutOfMemory`, `backend/lost`.
 */
export async function unitGradient(
  network: TapNetwork,
  reader: PixelReader,
  { layer, channel, unit, picture, preprocessing }: UnitAt,
): Promise<Float32Array> {
  const { inputShape } = network.network
  const input = await pictureInput(picture, inputShape, preprocessing, reader)
  const crop = unitCrop(network, layer, unit)
  try {
    const [top, left, bottom, right] = crop.box
    const gradient = tf.tidy(() => {
      const whole = tf.tensor3d(input, [...inputShape])
      const size = [bottom - top, right - left, inputShape[2]] as [number, number, number]
      return gradientIn(crop, channel, tf.expandDims(tf.slice(whole, [top, left, 0], size)))
    })
    const values = await network.read(gradient).finally(() => gradient.dispose())
    const all = new Float32Array(input.length)
    const rowLength = (right - left) * inputShape[2]
    for (let row = top; row < bottom; row++)
      all.set(
        values.subarray((row - top) * rowLength, (row - top + 1) * rowLength),
        (row * inputShape[1] + left) * inputShape[2],
      )
    return all
  } finally {
    crop.taps.dispose()
  }
}

function gradientIn({ taps, network, layer, unit }: UnitCrop, channel: number, input: tf.Tensor): tf.Tensor {
  const { shape } = network.layers[layer] as SupportedLayer
  const seed = new Float32Array(elementCount(shape))
  seed[(unit[0] * mapSize(shape)[1] + unit[1]) * channelCount(shape) + channel] = 1
  const pass = new ReversePass(taps, input, layer)
  try {
    return pass.back(layer, tf.tensor(seed, [1, ...shape]), [network.input]).get(network.input)!
  } finally {
    pass.dispose()
  }
}
