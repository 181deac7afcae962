/** @file One image that is the same everywhere through a network: what two backends can be compared by. */
import * as tf from '@tensorflow/tfjs'
import { seededRandom } from '../../core/seededRandom.ts'
import { elementCount } from '../../core/model/network.ts'
import { whyNotScannable } from '../../core/model/scannable.ts'
import type { ChannelSummary } from '../../core/scan/channelSummary.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { reduceChannels } from './reduceChannels.ts'

export interface LayerProbe {
  /** Index into the network's layers. */
  readonly layer: number
  /** Largest and smallest activation by channel, NaN left out. */
  readonly max: Float32Array
  readonly min: Float32Array
}

const seed = 20_261

/**
 * Of all layers that can be scanned, in the network's order, in one pass. The image is noise from 0 to 1, as the
 * network itself takes it: without preprocessing. Throws `OutOfMemory`, `backend/lost`.
 */
export async function probe(network: TapNetwork): Promise<LayerProbe[]> {
  const { layers, inputShape } = network.network
  const taps = [...layers.keys()].filter((layer) => whyNotScannable(layers[layer]!) === null)
  const random = seededRandom(seed)
  const noise = Float32Array.from({ length: elementCount(inputShape) }, random)
  const input = tf.tensor4d(noise, [1, ...inputShape])
  const readings: Promise<ChannelSummary>[] = []
  try {
    network.run(input, new Set(taps), (_, output) => {
      readings.push(reduceChannels(output, (reduced) => network.read(reduced)))
    })
  } finally {
    input.dispose()
    // Also after an error: what has been queued holds tensors until it is read.
    await Promise.allSettled(readings)
  }
  const summaries = await Promise.all(readings)
  return summaries.map(({ max, min }, i) => ({ layer: taps[i]!, max, min }))
}
