/**
 * @file Circuits: by which weights channels of one layer make those of another (`core/reasons`). Loaded when it is first asked for.
 */
import { affinesOfAll } from '../../core/reasons/affines.ts'
import { type Expanded, expandedWeights, layersToExpand } from '../../core/reasons/expanded.ts'
import { fedBy, type KernelSlices, layersToRead } from '../../core/reasons/fedBy.ts'
import {
  affineBehind,
  channelNumbers,
  type End,
  feedsOf,
  readingOf,
  type Reader,
} from '../../core/reasons/feeds.ts'
import {
  layerAt,
  type LinearPart,
  linearPartOf,
  middleOf,
  type WeightsOf,
} from '../../core/reasons/lineage.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'

/** What a channel is fed by; see `core/reasons/fedBy`. */
export interface FedBy {
  readonly part: LinearPart
  readonly slices: readonly KernelSlices[]
  /**
   * By how much the layers that are affine in each channel and alone read the channel multiply it: below 0 they turn its sign around.
   * They are behind the channel, so its own weights know nothing of it.
   */
  readonly factorBehind: number
}

/** What a channel feeds; see `core/reasons/feeds`. */
export interface Feeds {
  /** In the network's order, each with its channels. */
  readonly readers: readonly { readonly reader: Reader; readonly slices: KernelSlices }[]
  readonly ends: readonly End[]
}

/** Null if the channel comes from no sum. Rejects with `backend/lost`. */
export async function channelFedBy(
  network: TapNetwork,
  layer: number,
  channel: number,
): Promise<FedBy | null> {
  const part = linearPartOf(network.network, layer, channel)
  if ('reason' in part) return null
  const plain = network.network
  const behind = affineBehind(plain, layer)
  const weightsOf = await weightsRead(network, [...layersToRead(plain, part), ...behind])
  const { factor } = affinesOfAll(plain, behind, weightsOf)(middleOf(layerAt(plain, layer).shape, channel))
  return { part, slices: fedBy(plain, part, weightsOf), factorBehind: factor }
}

/** Rejects with `backend/lost`. */
export async function channelFeeds(network: TapNetwork, layer: number, channel: number): Promise<Feeds> {
  const { readers, ends, through } = readingOf(network.network, layer)
  const numbers = channelNumbers(network.network, through)
  const found: { reader: Reader; slices: KernelSlices }[] = []
  for (const reader of readers) {
    const weightsOf = await weightsRead(network, [reader.layer, ...reader.folded])
    const slices = feedsOf(network.network, channel, numbers, reader, weightsOf)
    if (slices.channels.length > 0) found.push({ reader, slices })
  }
  return { readers: found, ends }
}

/** Expanded weights; see `core/reasons/expanded`. Empty if there is nothing to expand. Rejects with `backend/lost`. */
export async function channelExpanded(
  network: TapNetwork,
  layer: number,
  channel: number,
): Promise<readonly Expanded[]> {
  const part = linearPartOf(network.network, layer, channel)
  if ('reason' in part) return []
  const weightsOf = await weightsRead(network, layersToExpand(network.network, part))
  return expandedWeights(network.network, part, weightsOf)
}

/** The arrays of some layers, which stay the network's on its backend. Rejects with `backend/lost`. */
export async function weightsRead(network: TapNetwork, layers: readonly number[]): Promise<WeightsOf> {
  const arrays = new Map<number, readonly Float32Array[]>()
  for (const layer of layers)
    arrays.set(layer, await Promise.all(network.weightsOf(layer).map((tensor) => network.read(tensor))))
  return (layer) => arrays.get(layer) ?? []
}
