/** @file By which layer a channel of a circuit is shown: the mosaic of a layer that was scanned, if it is the same channel there. */
import type { Network } from '../../core/model/network.ts'
import { whyNotScannable } from '../../core/model/scannable.ts'
import { carriersOf, type ChannelAt } from '../../core/reasons/lineage.ts'
import { wayOf } from '../../core/reasons/ways.ts'

/** A channel of a layer, by name. */
export interface NamedChannel {
  readonly layer: string
  readonly channel: number
}

/** Where a channel can be looked at: the first that was scanned, or else the one to scan. */
export interface Shown extends NamedChannel {
  readonly isScanned: boolean
}

/** The layer of the patches, if a layer is one of tokens. */
function scannedAs(network: Network, layer: number): number {
  if (whyNotScannable(network.layers[layer]!) === null) return layer
  const patches = network.layers.findIndex(({ op, inputs }) => op?.kind === 'patches' && inputs[0] === layer)
  return patches < 0 ? layer : patches
}

/** A channel that a sum reads, as it is in the layers from there back to the one that computes it. */
export function shownSource(
  network: Network,
  at: ChannelAt,
  isScanned: (layer: string) => boolean,
): Shown | null {
  const carriers = carriersOf(network, at)
  // An activation shows what is read; a pooling shows the same in fewer places.
  const best = carriers.find(({ layer }) => wayOf(network, layer).kind === 'function') ?? carriers.at(-1)!
  return shownAs(network, carriers, best, isScanned)
}

/** A channel of a sum that reads, as it is in the layers behind it. */
export function shownReader(
  network: Network,
  layers: readonly number[],
  channel: number,
  isScanned: (layer: string) => boolean,
): Shown | null {
  const all = layers.map((layer) => ({ layer, channel }))
  const best = all.find(({ layer }) => wayOf(network, layer).kind === 'function') ?? all[0]!
  return shownAs(network, all, best, isScanned)
}

/** Null for a channel of the picture, and of layers that cannot be scanned. */
function shownAs(
  network: Network,
  all: readonly ChannelAt[],
  best: ChannelAt,
  isScanned: (layer: string) => boolean,
): Shown | null {
  const named = [best, ...all].map(({ layer, channel }) => {
    const own = network.layers[scannedAs(network, layer)]!
    return { layer: own.name, channel, isScannable: whyNotScannable(own) === null }
  })
  const found = named.find(({ layer }) => isScanned(layer)) ?? named.find(({ isScannable }) => isScannable)
  return found ? { layer: found.layer, channel: found.channel, isScanned: isScanned(found.layer) } : null
}
