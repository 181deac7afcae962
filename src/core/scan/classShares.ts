/** @file How the top patches of a channel are shared out among the classes of their images. */
import type { ReadableResult } from './statistics/statistic.ts'

export interface ClassShare {
  readonly classNumber: number
  /** The part of the channel's top patches that are of the class, 0…1. */
  readonly share: number
}

/** The number of a channel's top k patches that come from each class; classes without any are left out. */
export function topOfClasses(
  result: ReadableResult,
  channel: number,
  k: number,
  classOf: ArrayLike<number>,
): ReadonlyMap<number, number> {
  const writtenDown = result.classesOfTop?.(channel, k)
  if (writtenDown) return writtenDown
  const counts = new Map<number, number>()
  for (const { image } of result.top(channel, k)) {
    const classNumber = classOf[image]!
    if (classNumber >= 0) counts.set(classNumber, (counts.get(classNumber) ?? 0) + 1)
  }
  return counts
}

/** The class that most of a channel's top k patches come from; null if there are no classes or no patches. */
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
