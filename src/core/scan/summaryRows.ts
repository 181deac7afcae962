/** @file Summaries of single passes to one of a batch. */
import type { ChannelSummary } from './channelSummary.ts'

const arraysOf = ['max', 'position', 'min', 'firing', 'nan'] as const

/** The first `count` images. */
export function firstRows(summary: ChannelSummary, count: number): ChannelSummary {
  const length = count * summary.channels
  if (summary.max.length === length) return summary
  const { channels, max, position, min, firing, nan } = summary
  return {
    channels,
    max: max.slice(0, length),
    position: position.slice(0, length),
    min: min.slice(0, length),
    firing: firing.slice(0, length),
    nan: nan.slice(0, length),
  }
}

/** Of one layer, one after the other. */
export function joinSummaries(parts: readonly ChannelSummary[]): ChannelSummary {
  const [first] = parts
  if (parts.length === 1) return first!
  const length = parts.reduce((sum, { max }) => sum + max.length, 0)
  const joined: ChannelSummary = {
    channels: first!.channels,
    max: new Float32Array(length),
    position: new Uint32Array(length),
    min: new Float32Array(length),
    firing: new Uint32Array(length),
    nan: new Uint8Array(length),
  }
  let at = 0
  for (const part of parts) {
    for (const array of arraysOf) joined[array].set(part[array], at)
    at += part.max.length
  }
  return joined
}
