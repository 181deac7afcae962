import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { correlationsOf, highestOf, neighboursOf } from '../../../src/core/scan/correlation.ts'
import type { SampledMaxima } from '../../../src/core/scan/statistics/sampledMaxima.ts'
import { seeded } from '../../fixtures/random.ts'

/** A sample of these images; `maximum` tells the maximum of an image in a channel. */
function sampleOf(
  images: readonly number[],
  channels: number,
  maximum: (image: number, channel: number) => number,
): SampledMaxima {
  return {
    channels,
    images: Int32Array.from(images),
    rows: images.map((image) => Float32Array.from({ length: channels }, (_, c) => maximum(image, c))),
  }
}

function range(to: number): number[] {
  return Array.from({ length: to }, (_, i) => i)
}

/** Its definition, by covariances of all pairs of images: no mean is needed. */
function oracle(a: readonly number[], b: readonly number[]): number {
  let products = 0
  let ofA = 0
  let ofB = 0
  for (let i = 0; i < a.length; i++)
    for (let j = 0; j < i; j++) {
      products += (a[i]! - a[j]!) * (b[i]! - b[j]!)
      ofA += (a[i]! - a[j]!) ** 2
      ofB += (b[i]! - b[j]!) ** 2
    }
  return products / Math.sqrt(ofA) / Math.sqrt(ofB)
}

describe('the correlation of two channels', () => {
  it("is NumPy's to twelve digits, and there is none of a constant or an infinite maximum", () => {
    const { maxima, correlations } = JSON.parse(
      readFileSync(new URL('../../fixtures/correlations.json', import.meta.url), 'utf8'),
    ) as { maxima: (number | string)[][]; correlations: (number | null)[][] }
    const channels = correlations.length
    const sample = sampleOf(range(maxima.length), channels, (image, c) => Number(maxima[image]![c]))
    for (let a = 0; a < channels; a++) {
      const { images, values } = correlationsOf(sample, a, sample)
      expect(images).toBe(maxima.length)
      for (const [b, expected] of correlations[a]!.entries())
        if (expected === null) expect(values[b], `${a} and ${b}`).toBeNaN()
        else expect(Math.abs(values[b]! - expected), `${a} and ${b}`).toBeLessThan(1e-12)
    }
  })

  it('is, across layers, over the images that both samples have', () => {
    const random = seeded(4)
    const value = Array.from({ length: 60 * 5 }, () => Math.fround(random.next() * 4 - 1))
    const maximum = (image: number, channel: number): number => value[image * 5 + channel]!
    const all = random.shuffled(range(60))
    const [first, second] = [all.slice(0, 45), random.shuffled(all.slice(20))]
    const common = first.filter((image) => second.includes(image))
    const { images, values } = correlationsOf(sampleOf(first, 2, maximum), 1, sampleOf(second, 5, maximum))
    expect(images).toBe(25)
    for (let c = 0; c < 5; c++)
      expect(values[c]).toBeCloseTo(
        oracle(
          common.map((image) => maximum(image, 1)),
          common.map((image) => maximum(image, c)),
        ),
        12,
      )
    // A channel with itself, to the rounding of a square root, and never above 1.
    expect(values[1]).toBeCloseTo(1, 15)
    expect(Math.max(...values)).toBeLessThanOrEqual(1)
  })

  it('does not exist without common images, or over one', () => {
    for (const images of [[3], [9]]) {
      const sample = sampleOf([3, 4], 2, (image, c) => image * c)
      expect([
        ...correlationsOf(
          sample,
          1,
          sampleOf(images, 2, (image) => image),
        ).values,
      ]).toEqual([NaN, NaN])
    }
  })
})

describe('the highest of some values', () => {
  it('come highest first, equal ones by index, without NaN and one that is left out', () => {
    expect(highestOf(Float64Array.of(0.5, NaN, 1, 0.5, -1, 0.7), 4, 2)).toEqual([5, 0, 3, 4])
    expect(highestOf(Float64Array.of(0.5, 0.5, 0.5), 2)).toEqual([0, 1])
    expect(highestOf(Float64Array.of(NaN), 2)).toEqual([])
  })

  it('are those of a full sort', () => {
    const random = seeded(5)
    for (let round = 0; round < 50; round++) {
      const values = Float64Array.from({ length: 40 }, () => random.int(0, 9) / 10)
      const sorted = [...values.keys()].toSorted((a, b) => values[b]! - values[a]! || a - b)
      expect(highestOf(values, 7)).toEqual(sorted.slice(0, 7))
    }
  })
})

describe('the nearest neighbours by correlation', () => {
  const random = seeded(8)
  const images = 40
  const channels = 12
  // Channel 3 is the same everywhere, 7 is infinite once, 9 is 2 again.
  const maxima = Float32Array.from({ length: images * channels }, (_, i) =>
    i % channels === 3 ? 0.1 : random.next() + (i % channels) / 10,
  )
  for (let image = 0; image < images; image++) maxima[image * channels + 9] = maxima[image * channels + 2]!
  maxima[7] = Infinity
  const sample: SampledMaxima = {
    channels,
    images: Int32Array.from(range(images)),
    rows: range(images).map((image) => maxima.subarray(image * channels, (image + 1) * channels)),
  }
  const found = neighboursOf(channels, maxima, 5)

  it('are those of all pairs, each first of its own, with 1 − r between them', () => {
    expect([...found.channels]).toEqual([0, 1, 2, 4, 5, 6, 8, 9, 10, 11])
    for (const [i, channel] of found.channels.entries()) {
      const { values } = correlationsOf(sample, channel, sample)
      const expected = [...found.channels.keys()]
        .filter((other) => other !== i)
        .map((other) => 1 - values[found.channels[other]!]!)
        .toSorted((a, b) => a - b)
        .slice(0, 4)
      expect(found.indices[i]![0]).toBe(i)
      expect(new Set(found.indices[i]).size).toBe(5)
      expect(found.distances[i]![0]).toBe(0)
      for (const [at, distance] of expected.entries()) {
        expect(found.distances[i]![at + 1]).toBeCloseTo(distance, 12)
        const other = found.channels[found.indices[i]![at + 1]!]!
        expect(1 - values[other]!).toBeCloseTo(distance, 12)
      }
    }
  })

  it('are all there are if there are fewer', () => {
    expect(neighboursOf(channels, maxima, 99).indices.map(({ length }) => length)).toEqual(
      Array.from({ length: 10 }, () => 10),
    )
  })
})
