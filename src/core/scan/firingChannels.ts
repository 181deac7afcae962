/** @file Ranks the channels of layers by how rare their values in one picture are. */
import type { Percentile, Percentiles } from './percentile.ts'

export interface FiringChannel {
  /** The name of the layer. */
  readonly layer: string
  readonly channel: number
  readonly value: number
  /** Is null if the layer was not scanned, or if a results file has no histogram of the channel. */
  readonly percentile: Percentile | null
  /** The value divided by the largest of all channels of the layer; 0 if that is not above 0, or not finite. */
  readonly share: number
}

/**
 * Ranks the channels of one layer; `values` has one value a channel. Dead channels are left out, and so are channels
 * without a number (NaN or -Infinity). `percentiles` is null if the layer was not scanned.
 */
export function rankChannels(
  layer: string,
  values: ArrayLike<number>,
  percentiles: Percentiles | null,
): FiringChannel[] {
  let largest = 0
  for (let c = 0; c < values.length; c++) if (values[c]! > largest) largest = values[c]!
  const found: FiringChannel[] = []
  for (let channel = 0; channel < values.length; channel++) {
    const value = values[channel]!
    if (Number.isNaN(value) || value === -Infinity || percentiles?.isDead(channel)) continue
    const share = largest > 0 && largest < Infinity ? Math.max(0, value) / largest : 0
    found.push({ layer, channel, value, percentile: percentiles?.of(channel, value) ?? null, share })
  }
  return found.toSorted(rarerFirst)
}

/** Merges the rankings of several layers. */
export function rankTogether(rankings: Iterable<readonly FiringChannel[]>): FiringChannel[] {
  return [...rankings].flat().toSorted(rarerFirst)
}

/**
 * By the share of images that certainly have a lower maximum; ties by value. Channels without a percentile come last, by
 * their share of what is the largest in their layer. What is still equal stays as it was.
 */
function rarerFirst(a: FiringChannel, b: FiringChannel): number {
  if (!a.percentile || !b.percentile) {
    if (a.percentile || b.percentile) return a.percentile ? -1 : 1
    return b.share - a.share || compare(b.value, a.value)
  }
  return b.percentile.from - a.percentile.from || compare(b.value, a.value)
}

/** Infinity minus Infinity would be NaN. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
