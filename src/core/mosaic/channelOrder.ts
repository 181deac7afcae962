/** @file Sorts the channels of a layer for the grid, and leaves out those that are not wanted. */
import { leadingClass } from '../scan/classShares.ts'
import { type StatisticSort, statistics } from '../scan/statistics/index.ts'
import type { ReadableResult, SortOrder } from '../scan/statistics/statistic.ts'

export type ChannelSort = 'number' | 'activation' | 'class' | StatisticSort

export interface ChannelSortOrder extends SortOrder<ChannelSort> {
  /** Highest first; 0 for dead channels, which come last. Without it, channels are sorted by number. */
  readonly keyOf?: (result: ReadableResult, channel: number, k: number, classOf: Int32Array) => number
}

/** In the order of the menu; the first one holds until another is chosen. */
export const sortOrders: readonly ChannelSortOrder[] = [
  { id: 'number', label: 'By number', order: 'by number' },
  {
    id: 'activation',
    label: 'By activation',
    order: 'by activation, the strongest first',
    keyOf: (result, channel) => result.highest(channel) ?? -Infinity,
  },
  ...statistics.flatMap((statistic): ChannelSortOrder[] => {
    const { sort } = statistic
    if (!sort) return []
    const keyOf = (result: ReadableResult, channel: number): number => {
      const value = result.of(statistic, channel)
      return value === null ? 0 : sort.key(value)
    }
    return [{ ...(sort as SortOrder<StatisticSort>), keyOf }]
  }),
  {
    id: 'class',
    label: 'By class share',
    order: 'by class share, the largest first',
    keyOf: (...channel) => leadingClass(...channel)?.share ?? 0,
  },
]

export const channelSorts = sortOrders.map(({ id }) => id) as [ChannelSort, ...ChannelSort[]]

export function sortOrder(sort: ChannelSort): ChannelSortOrder {
  return sortOrders.find(({ id }) => id === sort)!
}

export interface ChannelArrangement {
  readonly sort: ChannelSort
  /** Reverses the usual direction: numbers then descend, and everything else ascends. */
  readonly reversed: boolean
  readonly hideDead: boolean
  /** If set, only channels whose leading class is this one are shown. */
  readonly bestClass: number | null
  /** If set, only channels are shown whose notes pass this test. */
  readonly isNoted?: ((channel: number) => boolean) | null
  /** If set, only channels are shown whose measures lie in the ranges that are looked for. */
  readonly isInRange?: ((channel: number) => boolean) | null
}

/**
 * The shown channels' numbers, sorted. Channels with equal keys are sorted by number. Dead channels come last, unless
 * the order is by number.
 */
export function orderChannels(
  channels: number,
  { sort, reversed, hideDead, bestClass, isNoted, isInRange }: ChannelArrangement,
  result: ReadableResult | undefined,
  k: number,
  classOf: Int32Array,
): number[] {
  const all = Array.from({ length: channels }, (_, channel) => channel)
  const numbers = isNoted ? all.filter(isNoted) : all
  if (!result) return sort === 'number' && reversed ? numbers.toReversed() : numbers
  const shown = numbers.filter((channel) => {
    if (hideDead && result.isDead(channel)) return false
    if (isInRange && !isInRange(channel)) return false
    return bestClass === null || leadingClass(result, channel, k, classOf)?.classNumber === bestClass
  })
  const { keyOf } = sortOrder(sort)
  if (!keyOf) return reversed ? shown.toReversed() : shown
  const keys = new Map(
    shown.map((channel) => [channel, result.isDead(channel) ? 0 : keyOf(result, channel, k, classOf)]),
  )
  const dead = new Map(shown.map((channel) => [channel, result.isDead(channel)]))
  return shown.toSorted((a, b) => {
    if (dead.get(a) !== dead.get(b)) return dead.get(a) ? 1 : -1
    const difference = keys.get(b)! - keys.get(a)!
    // Infinity minus infinity is NaN, which counts as no difference.
    return (reversed ? -difference : difference) || a - b
  })
}
