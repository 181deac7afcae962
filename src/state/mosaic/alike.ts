/**
 * @file Which of a channel's kept patches look alike, as far as it was found out. It is no state: it follows from the results
 * and the pictures, and is found again when the patches have changed.
 */
import { type AlikeGroup, alikeShare } from '../../core/mosaic/alike.ts'
import type { FoundEntry } from '../../core/scan/foundEntry.ts'
import { hashOfImage } from '../../core/scan/hashSample.ts'
import { maxK } from '../../core/scan/topK.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'

interface Found {
  /** A number that changes with the patches that were compared. */
  readonly version: number
  readonly groups: readonly AlikeGroup[]
}

const foundIn = new WeakMap<ReadableResult, Map<number, Found>>()

/** The patches that are compared: all of the top that are kept. */
export function comparedEntries(result: ReadableResult, channel: number): readonly FoundEntry[] {
  return result.top(channel, maxK)
}

export function noteAlike(
  result: ReadableResult,
  channel: number,
  compared: readonly FoundEntry[],
  groups: readonly AlikeGroup[],
): void {
  let ofResult = foundIn.get(result)
  if (!ofResult) foundIn.set(result, (ofResult = new Map()))
  ofResult.set(channel, { version: versionOf(compared), groups })
}

/** A patch that stands for those that look like it. */
export interface DistinctEntry {
  readonly entry: FoundEntry
  /** The others, best first. */
  readonly alike: readonly FoundEntry[]
}

/** The best k patches that look different from each other; null if that is not known of these patches. */
export function distinctTop(result: ReadableResult, channel: number, k: number): DistinctEntry[] | null {
  const entries = comparedEntries(result, channel)
  const found = foundIn.get(result)?.get(channel)
  if (!found || found.version !== versionOf(entries)) return null
  return found.groups.slice(0, k).map(({ rank, others }) => ({
    entry: entries[rank]!,
    alike: others.map((other) => entries[other]!),
  }))
}

/** The best k patches as mosaics show them: with `once`, those that look alike once, if that is known. */
export function shownTop(
  result: ReadableResult,
  channel: number,
  k: number,
  once: boolean,
): readonly FoundEntry[] {
  const distinct = once ? distinctTop(result, channel, k) : null
  return distinct ? distinct.map(({ entry }) => entry) : result.top(channel, k)
}

/** The shares that were asked for, by the number of patches that count: `[channels]`, NaN if it is not known. */
const sharesIn = new WeakMap<ReadableResult, Map<number, Float64Array>>()

/** Keeps the share of the best k patches that look like a better one, if it is known which do. */
export function keepAlikeShare(result: ReadableResult, channel: number, k: number): void {
  const found = foundIn.get(result)?.get(channel)
  if (found) alikeShares(result, k)[channel] = alikeShare(found.groups, k) ?? Number.NaN
  isAsked.add(result)
}

/** The results of which a share was asked for. */
const isAsked = new WeakSet<ReadableResult>()

export function isAnyAlikeKept(result: ReadableResult): boolean {
  return isAsked.has(result)
}

/** `[channels]`; this very array changes when more is asked for. */
export function alikeShares(result: ReadableResult, k: number): Float64Array {
  let byK = sharesIn.get(result)
  if (!byK) sharesIn.set(result, (byK = new Map()))
  let shares = byK.get(k)
  if (!shares) byK.set(k, (shares = new Float64Array(result.channels).fill(Number.NaN)))
  return shares
}

function versionOf(entries: readonly FoundEntry[]): number {
  let version = entries.length
  for (const { image, position } of entries)
    for (const part of [image, position]) version = hashOfImage(version ^ (part + 1))
  return version
}
