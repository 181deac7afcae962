/** @file In which order the channels of a layer are shown, and which are left out. */
import type { ReadableResult } from '../scan/readableResult.ts'

export const channelSorts = ['number', 'activation', 'class'] as const
export type ChannelSort = (typeof channelSorts)[number]

export interface ClassShare {
  readonly classNumber: number
  /** Of the channel's top patches, 0…1. */
  readonly share: number
}

/** How many of a channel's top k patches come from each class that has any. */
export function topOfClasses(
  result: ReadableResult,
  channel: number,
  k: number,
  classOf: Int32Array,
): ReadonlyMap<number, number> {
  if (result.classesOfTop) return result.classesOfTop(channel, k)
  const counts = new Map<number, number>()
  for (const { image } of result.top(channel, k)) {
    const classNumber = classOf[image]!
    if (classNumber >= 0) counts.set(classNumber, (counts.get(classNumber) ?? 0) + 1)
  }
  return counts
}

/** The class that most of a channel's top k patches come from; null without classes or patches. */
export function leadingClass(
  result: ReadableResult,
  channel: number,
  k: number,
  classOf: Int32Array,
): ClassShare | null {
  const { length } = result.top(channel, k)
  let best: ClassShare | null = null
  for (const [classNumber, count] of topOfClasses(result, channel, k, classOf))
    if (!best || count / length > best.share) best = { classNumber, share: count / length }
  return best
}

/** Channel numbers in the order asked for; equal ones by number. */
export function orderChannels(
  channels: number,
  sort: ChannelSort,
  hideDead: boolean,
  result: ReadableResult | undefined,
  k: number,
  classOf: Int32Array,
): number[] {
  const numbers = Array.from({ length: channels }, (_, channel) => channel)
  if (!result) return numbers
  const shown = hideDead ? numbers.filter((channel) => !result.isDead(channel)) : numbers
  if (sort === 'number') return shown
  const keyOf = (channel: number): number => {
    if (result.isDead(channel)) return -Infinity
    return sort === 'activation'
      ? (result.highest(channel) ?? -Infinity)
      : (leadingClass(result, channel, k, classOf)?.share ?? 0)
  }
  const keys = new Map(shown.map((channel) => [channel, keyOf(channel)]))
  return shown.toSorted((a, b) => keys.get(b)! - keys.get(a)! || a - b)
}
