/** @file What has become of a channel from one scan to another, and which channels have changed most. */
import type { ReadableResult } from '../scan/statistics/statistic.ts'
import type { ChannelPair } from './channelPairs.ts'

/** `born`: dead before, and alive after; `died`: the other way round. */
export type Fate = 'alive' | 'born' | 'died' | 'dead' | 'alone'

export interface Change extends ChannelPair {
  readonly fate: Fate
  /** How many of the images of the top patches are the same, out of how many. */
  readonly shared: number
  readonly of: number
}

/** Both results have the same numbers for the same images. `k` is how many of the top count. */
export function changeOf(
  pair: ChannelPair,
  before: ReadableResult,
  after: ReadableResult,
  k: number,
): Change {
  if (pair.before === null || pair.after === null) return { ...pair, fate: 'alone', shared: 0, of: 0 }
  const [a, b] = [topImages(before, pair.before, k), topImages(after, pair.after, k)]
  let shared = 0
  for (const image of a) if (b.has(image)) shared++
  return {
    ...pair,
    fate: fateOf(before.isDead(pair.before), after.isDead(pair.after)),
    shared,
    of: Math.max(a.size, b.size),
  }
}

function topImages(result: ReadableResult, channel: number, k: number): ReadonlySet<number> {
  return new Set(result.top(channel, k).map(({ image }) => image))
}

function fateOf(wasDead: boolean, isDead: boolean): Fate {
  if (wasDead) return isDead ? 'dead' : 'born'
  return isDead ? 'died' : 'alive'
}

/** The share of the top images that are the same; NaN if there are none. */
export function sharedPart({ shared, of }: Change): number {
  return of > 0 ? shared / of : Number.NaN
}

/** The orders of changes, the usual one first; see `sortChanges`. */
export const changeOrders = ['changed', 'images', 'number'] as const
export type ChangeOrder = (typeof changeOrders)[number]

/**
 * `changed`: born and dead channels first, then by correlation, lowest first, and by the share of top images that are the same if it is
 * not known. `images`: by that share, lowest first, then by correlation. Channels without a partner come last, and before them those
 * that are dead in both.
 */
export function sortChanges(changes: readonly Change[], order: ChangeOrder): Change[] {
  if (order === 'number') return changes.toSorted(byNumber)
  const keys = (change: Change): readonly number[] => {
    const { correlation } = change
    const share = sharedPart(change)
    const values = order === 'changed' ? [correlation, share] : [share, correlation]
    return [rank(change, order), ...values.map((value) => (Number.isNaN(value) ? Infinity : value))]
  }
  return changes
    .map((change) => ({ change, keys: keys(change) }))
    .toSorted((a, b) => {
      for (const [at, key] of a.keys.entries()) if (key !== b.keys[at]) return key - b.keys[at]!
      return byNumber(a.change, b.change)
    })
    .map(({ change }) => change)
}

function rank({ fate }: Change, order: ChangeOrder): number {
  if (fate === 'alone') return 3
  if (fate === 'dead') return 2
  return fate === 'alive' || order === 'images' ? 1 : 0
}

function byNumber(a: Change, b: Change): number {
  const before = (a.before ?? Infinity) - (b.before ?? Infinity)
  return Number.isNaN(before) || before === 0 ? (a.after ?? Infinity) - (b.after ?? Infinity) || 0 : before
}
