/** @file Summaries of single passes to one of a batch. */
import { type ChannelSummary, emptySummary } from './channelSummary.ts'

const arraysOf = ['max', 'position', 'min', 'active', 'nan'] as const

/** The first `count` images. */
export function firstRows(summary: ChannelSummary, count: number): ChannelSummary {
  const length = count * summary.channels
  if (summary.max.length === length) return summary
  const first = emptySummary(count, summary.channels)
  for (const array of arraysOf) first[array].set(summary[array].subarray(0, length))
  return first
}

/** Joins the summaries of one layer, one after the other. */
export function joinSummaries(parts: readonly ChannelSummary[]): ChannelSummary {
  const [only] = parts
  if (parts.length === 1) return only!
  const { channels } = only!
  const joined = emptySummary(parts.reduce((sum, { max }) => sum + max.length, 0) / channels, channels)
  let at = 0
  for (const part of parts) {
    for (const array of arraysOf) joined[array].set(part[array], at)
    at += part.max.length
  }
  return joined
}
