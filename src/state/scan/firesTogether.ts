/** @file Which channels of the scanned layers fire on the same images as one of them. */
import { correlationsOf, highestOf } from '../../core/scan/correlation.ts'
import { sampledMaxima } from '../../core/scan/statistics/sampledMaxima.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import { breather } from '../timing/breather.ts'

export interface Companion {
  readonly layer: string
  readonly channel: number
  /** Pearson's correlation of the two channels' maxima, or what else they are compared by: from -1 to 1. */
  readonly value: number
}

export interface Companions {
  /** The channels of the same layer that fire most together with it, best first. */
  readonly own: readonly Companion[]
  /** Those of all other layers. */
  readonly others: readonly Companion[]
  /** The number of images over which channels of the same layer are correlated. */
  readonly images: number
  /** Whether this is all images of the scan. */
  readonly isExact: boolean
}

/**
 * Works layer by layer and lets the page live between two. Each list has `count` channels at most. Returns null if the maxima are
 * not known, as of a results file. Rejects with the signal's reason once it is aborted.
 */
export async function firesTogether(
  results: ReadonlyMap<string, ReadableResult>,
  layer: string,
  channel: number,
  count: number,
  signal?: AbortSignal,
): Promise<Companions | null> {
  const result = results.get(layer)
  const sample = result?.of(sampledMaxima, channel)
  if (!result || !sample) return null
  const { images, values } = correlationsOf(sample, channel, sample)
  const own = nearest(layer, values, count, channel)
  const isExact = images === result.scanned
  const others: Companion[] = []
  const breathe = breather()
  for (const [name, other] of results) {
    if (name === layer) continue
    await breathe()
    signal?.throwIfAborted()
    // Both samples may have grown meanwhile.
    const [now, theirs] = [result.of(sampledMaxima, channel), other.of(sampledMaxima, 0)]
    if (now && theirs) others.push(...nearest(name, correlationsOf(now, channel, theirs).values, count))
  }
  const best = others.toSorted((a, b) => b.value - a.value).slice(0, count)
  return { own, others: best, images, isExact }
}

/** The channels of a layer with the highest values, if these are above 0. */
export function nearest(
  layer: string,
  values: Float64Array,
  count: number,
  without: number | null = null,
): Companion[] {
  return highestOf(values, count, without)
    .map((channel) => ({ layer, channel, value: values[channel]! }))
    .filter(({ value }) => value > 0)
}
