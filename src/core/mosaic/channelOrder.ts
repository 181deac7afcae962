/** @file In which order the channels of a layer are shown, and which are left out. */
import { leadingClass } from '../scan/classShares.ts'
import type { ReadableResult } from '../scan/readableResult.ts'

export const channelSorts = ['number', 'activation', 'fires', 'class'] as const
export type ChannelSort = (typeof channelSorts)[number]

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
  if (sort === 'number') return reversed ? shown.toReversed() : shown
  const keyOf = (channel: number): number => {
    if (result.isDead(channel)) return 0
    switch (sort) {
      case 'activation':
        return result.highest(channel) ?? -Infinity
      case 'fires':
        return result.statistics(channel)?.firingImages ?? 0
      case 'class':
        return leadingClass(result, channel, k, classOf)?.share ?? 0
    }
  }
  const keys = new Map(shown.map((channel) => [channel, keyOf(channel)]))
  const dead = new Map(shown.map((channel) => [channel, result.isDead(channel)]))
  return shown.toSorted((a, b) => {
    if (dead.get(a) !== dead.get(b)) return dead.get(a) ? 1 : -1
    const difference = keys.get(b)! - keys.get(a)!
    // Infinity less infinity is no number, and no difference.
    return (reversed ? -difference : difference) || a - b
  })
}
