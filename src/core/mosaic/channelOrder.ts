/** @file In which order the channels of a layer are shown, and which are left out. */
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
  /** The other way round than one would expect: numbers descending, all else ascending. */
  readonly reversed: boolean
  readonly hideDead: boolean
  /** Only channels whose leading class it is. */
  readonly bestClass: number | null
}

/** Channel numbers in the order asked for; equal ones by number, and dead ones last unless by number. */
export function orderChannels(
  channels: number,
  { sort, reversed, hideDead, bestClass }: ChannelArrangement,
  result: ReadableResult | undefined,
  k: number,
  classOf: Int32Array,
): number[] {
  const numbers = Array.from({ length: channels }, (_, channel) => channel)
  if (!result) return sort === 'number' && reversed ? numbers.toReversed() : numbers
  const shown = numbers.filter((channel) => {
    if (hideDead && result.isDead(channel)) return false
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
    // Infinity less infinity is no number, and no difference.
    return (reversed ? -difference : difference) || a - b
  })
}
