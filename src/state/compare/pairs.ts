/** @file The pairs of channels of two scans of a layer. A worker finds them; they are kept with the results. */
import type { ChannelPairs, PairedLayer } from '../../core/compare/channelPairs.ts'
import { sampledMaxima } from '../../core/scan/statistics/sampledMaxima.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { Arranger } from '../../engine/arranger.ts'
import { withArranger } from '../workers/arranging.ts'
import { spawnArranger, type WorkerHandle } from '../workers/workers.ts'

type ByAfter = WeakMap<ReadableResult, ChannelPairs>

const byNumber = new WeakMap<ReadableResult, ByAfter>()
const matching = new WeakMap<ReadableResult, ByAfter>()

/** Returns null as long as they were not found. */
export function knownPairs(
  before: ReadableResult,
  after: ReadableResult,
  matched: boolean,
): ChannelPairs | null {
  return (matched ? matching : byNumber).get(before)?.get(after) ?? null
}

/** Finds them; the signal ends it. Throws `worker/died`. */
export async function findPairs(
  before: ReadableResult,
  after: ReadableResult,
  matched: boolean,
  signal: AbortSignal,
  spawn: () => WorkerHandle<Arranger> = spawnArranger,
): Promise<ChannelPairs> {
  const known = knownPairs(before, after, matched)
  if (known) return known
  const found = await withArranger(
    signal,
    (remote) => remote.pair(pairedLayer(before), pairedLayer(after), matched),
    spawn,
  )
  const kept = matched ? matching : byNumber
  const byAfter: ByAfter = kept.get(before) ?? new WeakMap()
  kept.set(before, byAfter)
  byAfter.set(after, found)
  return found
}

function pairedLayer(result: ReadableResult): PairedLayer {
  return { channels: result.channels, sample: result.of(sampledMaxima, 0) }
}
