import { describe, expect, it } from 'vitest'
import type { ChannelSummary } from '../../../src/core/scan/channelSummary.ts'
import { firstRows, joinSummaries } from '../../../src/core/scan/summaryRows.ts'

/** A summary of two channels, in which every number tells its array and index. */
function summary(first: number, images: number): ChannelSummary {
  const numbers = Array.from({ length: images * 2 }, (_, i) => first + i)
  return {
    channels: 2,
    max: Float32Array.from(numbers, (n) => n + 0.5),
    position: Uint32Array.from(numbers, (n) => n + 100),
    min: Float32Array.from(numbers, (n) => -n),
    active: Uint32Array.from(numbers, (n) => n + 200),
    nan: Uint8Array.from(numbers, (n) => n % 2),
  }
}

describe('summaries of passes', () => {
  it('are joined in order', () => {
    expect(joinSummaries([summary(0, 2), summary(4, 1), summary(6, 3)])).toEqual(summary(0, 6))
    expect(joinSummaries([summary(3, 2)])).toEqual(summary(3, 2))
  })

  it('lose the rows of padding', () => {
    expect(firstRows(summary(0, 4), 3)).toEqual(summary(0, 3))
    expect(firstRows(summary(0, 4), 4)).toEqual(summary(0, 4))
  })
})
