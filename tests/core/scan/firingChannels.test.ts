import { describe, expect, it } from 'vitest'
import { type FiringChannel, rankChannels, rankTogether } from '../../../src/core/scan/firingChannels.ts'
import { Percentiles } from '../../../src/core/scan/percentile.ts'
import { seeded } from '../../fixtures/random.ts'
import { scanned } from '../../fixtures/summaries.ts'

const places = (ranked: readonly FiringChannel[]): string[] =>
  ranked.map(({ layer, channel }) => `${layer}/${channel}`)

describe('channels that fire', () => {
  it('are ranked by the share of images that they exceed, as by looking at all maxima', () => {
    const random = seeded(7)
    // Powers of two have a bin each, so the percentiles are exact.
    const images = Array.from({ length: 40 }, () => Array.from({ length: 30 }, () => 2 ** random.int(-3, 3)))
    const values = Array.from({ length: 30 }, () => 2 ** random.int(-4, 4))
    const ranked = rankChannels('a', values, new Percentiles(scanned(images, 2)))
    const share = (channel: number): number =>
      images.filter((maxima) => maxima[channel]! < values[channel]!).length / images.length
    expect(ranked.map(({ percentile }) => percentile!.from)).toEqual(
      Array.from({ length: 30 }, (_, channel) => share(channel)).toSorted((a, b) => b - a),
    )
    for (const [i, { channel, percentile, value }] of ranked.entries()) {
      expect(percentile!.from).toBe(share(channel))
      const next = ranked[i + 1]
      if (next && next.percentile!.from === percentile!.from) expect(value).toBeGreaterThanOrEqual(next.value)
    }
  })

  it('are without dead ones, and without those that have no number', () => {
    const percentiles = new Percentiles(
      scanned(
        [
          [1, 0, 1, 1],
          [2, 0, 2, 2],
        ],
        1,
      ),
    )
    expect(places(rankChannels('a', [2, 9, Number.NaN, -Infinity], percentiles))).toEqual(['a/0'])
  })

  it('of layers that were not scanned are ranked by value, as a share of the largest of the layer', () => {
    const ranked = rankChannels('a', [1, 4, -3, 2], null)
    expect(places(ranked)).toEqual(['a/1', 'a/3', 'a/0', 'a/2'])
    expect(ranked.map(({ share }) => share)).toEqual([1, 0.5, 0.25, 0])
    expect(ranked.every(({ percentile }) => percentile === null)).toBe(true)
    expect(rankChannels('a', [-1, -2], null).map(({ share }) => share)).toEqual([0, 0])
    expect(rankChannels('a', [Infinity, 1, Infinity], null).map(({ channel }) => channel)).toEqual([0, 2, 1])
  })

  it('of several layers make one ranking, those without a percentile last', () => {
    const percentiles = new Percentiles(
      scanned(
        [
          [1, 8],
          [2, 1],
        ],
        1,
      ),
    )
    const a = rankChannels('a', [4, 2], percentiles)
    const b = rankChannels('b', [100, 1000], null)
    const c = rankChannels(
      'c',
      [3, 5],
      new Percentiles(
        scanned(
          [
            [1, 1],
            [2, 9],
          ],
          1,
        ),
      ),
    )
    expect(places(rankTogether([b, a, c]))).toEqual(['a/0', 'c/0', 'c/1', 'a/1', 'b/1', 'b/0'])
  })
})
