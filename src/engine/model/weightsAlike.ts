/** @file How alike the kernels of a layer's channels are (`core/model/kernelDirections`). */
import type * as tf from '@tensorflow/tfjs'
import { cosinesOf, kernelBehind, signsOf } from '../../core/model/kernelDirections.ts'
import { channelCount, type SupportedLayer } from '../../core/model/network.ts'
import type { TapNetwork } from './tapNetwork.ts'

/** The most weights of a layer that are read for this: 64 MB of them. */
const mostWeights = 2 ** 24

/**
 * The cosines of the kernel of a channel with those of all channels of its layer, NaN if there is none. Null if the layer's
 * channels have no kernels of their own, of more than one weight, or too many weights. Rejects with `backend/lost`.
 */
export async function weightsAlike(
  network: TapNetwork,
  layer: number,
  channel: number,
): Promise<Float64Array | null> {
  const behind = kernelBehind(network.network, layer)
  const kernel = behind && network.weightsOf(behind.layer)[0]
  if (!behind || !kernel || kernel.size > mostWeights || kernel.size === behind.layout.channels) return null
  const read = (tensors: readonly tf.Tensor[]): Promise<Float32Array[]> =>
    Promise.all(tensors.map((tensor) => network.read(tensor)))
  const arrays = new Map<number, readonly Float32Array[]>()
  for (const at of behind.factors) arrays.set(at, await read(network.weightsOf(at)))
  const channels = channelCount((network.network.layers[layer] as SupportedLayer).shape)
  const signs = signsOf(network.network, behind, (at) => arrays.get(at)!, channels)
  const [weights] = await read([kernel])
  return cosinesOf(weights!, behind.layout, signs, channel)
}
