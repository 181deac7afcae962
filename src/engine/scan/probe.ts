/** @file Runs an image that is the same on every machine through a network, so that two ways of computing can be compared. */
import * as tf from '@tensorflow/tfjs'
import { seededRandom } from '../../core/seededRandom.ts'
import { elementCount } from '../../core/model/network.ts'
import type { ChannelSummary } from '../../core/scan/channelSummary.ts'
import { probedLayers, type ProbeTaps } from '../../core/scan/selfTest.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import { summarizeTaps } from './summarizeTaps.ts'

export interface LayerProbe {
  /** Index into the network's layers. */
  readonly layer: number
  /** The largest and smallest activation of each channel, `[C]`; NaN is left out. */
  readonly max: Float32Array
  readonly min: Float32Array
}

const seed = 20_261

/**
 * Returns the extremes of these layers, in the network's order, from one pass, which folds layers as a scan of them does. The
 * image is noise from 0 to 1 that the network takes as it is, without preprocessing. With `prepares`, what is folded stays: the
 * next pass, as of a heat-map, shares it, which saves a second with a large network. Rejects with `OutOfMemory`, `backend/lost`.
 */
export async function probe(
  network: TapNetwork,
  which: ProbeTaps,
  { prepares = false } = {},
): Promise<LayerProbe[]> {
  const { inputShape } = network.network
  const layers = probedLayers(network.network, which)
  const taps = new Set(layers)
  const random = seededRandom(seed)
  const noise = Float32Array.from({ length: elementCount(inputShape) }, random)
  const input = tf.tensor4d(noise, [1, ...inputShape])
  const readings = new Map<number, Promise<ChannelSummary>>()
  try {
    if (prepares) await network.prepare(taps)
    await network.withPrepared(taps, () =>
      summarizeTaps(network, input, taps, (layer, summary) => readings.set(layer, summary)),
    )
  } finally {
    input.dispose()
    // Also after an error, because queued reductions hold tensors until they are read.
    await Promise.allSettled(readings.values())
  }
  const summaries = await Promise.all(layers.map((layer) => readings.get(layer)!))
  return summaries.map(({ max, min }, i) => ({ layer: layers[i]!, max, min }))
}
