import { describe, expect, it } from 'vitest'
import { matchChannels, type PairedLayer, pairByNumber } from '../../../src/core/compare/channelPairs.ts'
import { correlationsOf } from '../../../src/core/scan/correlation.ts'
import { seeded } from '../../fixtures/random.ts'

function layerOf(
  images: readonly number[],
  channels: number,
  maximum: (image: number, channel: number) => number,
): PairedLayer {
  const rows = images.map((image) => Float32Array.from({ length: channels }, (_, c) => maximum(image, c)))
  return { channels, sample: { channels, images: Int32Array.from(images), rows } }
}

const all = Array.from({ length: 60 }, (_, i) => i)

/** A number for each image and signal. */
function signal(image: number, of: number): number {
  return seeded(image * 131 + of).next()
}

describe('pairs of channels', () => {
  it('by number are correlated over the images that both have, whatever their order', () => {
    const before = layerOf(all.slice(0, 50), 4, (image, c) => signal(image, c))
    const after = layerOf(
      all.slice(10).toReversed(),
      6,
      (image, c) => signal(image, c) + 2 * signal(image, 40 + c),
    )
    const { pairs, images } = pairByNumber(before, after)
    expect(images).toBe(40)
    expect(pairs.map(({ before: a, after: b }) => [a, b])).toEqual([
      [0, 0],
      [1, 1],
      [2, 2],
      [3, 3],
      [null, 4],
      [null, 5],
    ])
    for (const { before: a, after: b, correlation } of pairs.slice(0, 4))
      expect(correlation).toBeCloseTo(correlationsOf(before.sample!, a!, after.sample!).values[b!]!, 12)
    expect(pairs[5]!.correlation).toBeNaN()
  })

  it('are not correlated without a sample, with constant maxima, or over fewer than three images', () => {
    const layer = layerOf(all, 2, (image, c) => (c === 0 ? 0.5 : signal(image, 1)))
    const [constant, varied] = pairByNumber(layer, layer).pairs
    expect(constant!.correlation).toBeNaN()
    expect(varied!.correlation).toBeCloseTo(1, 12)
    expect(pairByNumber(layer, { channels: 2, sample: null }).pairs[1]!.correlation).toBeNaN()
    const two = layerOf([3, 4], 2, (image, c) => signal(image, c))
    expect(pairByNumber(layer, two).pairs[1]!.correlation).toBeNaN()
  })

  it('are matched again after channels were shuffled, scaled and disturbed; dead ones stay alone', () => {
    const shuffled = [4, 2, 0, 1, 3]
    const before = layerOf(all, 6, (image, c) => (c === 5 ? 0 : signal(image, c)))
    const after = layerOf(all, 7, (image, c) =>
      c < 5 ? 3 * signal(image, shuffled[c]!) + 0.3 * signal(image, 70 + c) : c === 5 ? 1 : signal(image, 99),
    )
    const { pairs, images } = matchChannels(before, after)
    expect(images).toBe(60)
    expect(pairs.map(({ before: a, after: b }) => [a, b])).toEqual([
      [0, 2],
      [1, 3],
      [2, 1],
      [3, 4],
      [4, 0],
      [5, null],
      [null, 5],
      [null, 6],
    ])
    for (const { before: a, after: b, correlation } of pairs.slice(0, 5))
      expect(correlation).toBeCloseTo(correlationsOf(before.sample!, a!, after.sample!).values[b!]!, 12)
  })

  it('have the greatest sum of correlations, not each its best one', () => {
    // Channel 0 is nearest to both of the others; giving it to channel 1 costs less.
    const parts = [
      [1, 0],
      [0.95, 0.3],
    ]
    const of = (weights: readonly number[]) => (image: number) =>
      weights[0]! * signal(image, 1) + weights[1]! * signal(image, 2)
    const before = layerOf(all, 2, (image, c) => of(parts[c]!)(image))
    const after = layerOf(all, 2, (image, c) =>
      of(
        [
          [0.95, 0.31],
          [0.2, -1],
        ][c]!,
      )(image),
    )
    const r = (a: number, b: number): number => correlationsOf(before.sample!, a, after.sample!).values[b]!
    expect(r(0, 0)).toBeGreaterThan(r(0, 1))
    expect(r(1, 0)).toBeGreaterThan(r(1, 1))
    const best = r(0, 0) + r(1, 1) > r(0, 1) + r(1, 0) ? [0, 1] : [1, 0]
    expect(matchChannels(before, after).pairs.map(({ after: b }) => b)).toEqual(best)
  })
})
