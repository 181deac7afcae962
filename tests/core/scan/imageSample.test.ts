import { describe, expect, it } from 'vitest'
import { hashOfImage } from '../../../src/core/scan/hashSample.ts'
import { ImageSample, quantileGroupsOf, sampleSize } from '../../../src/core/scan/imageSample.ts'
import type { TopEntry } from '../../../src/core/scan/topK.ts'
import { seeded } from '../../fixtures/random.ts'

/** Two channels; the maxima tell image and channel. */
function sampleOf(images: readonly number[], units = 100): ImageSample {
  const sample = new ImageSample(2, units)
  for (const image of images)
    sample.offer(image, Float32Array.of(0, image, -image, 0), Uint32Array.of(0, image % units, 7, 0), 1, 3)
  return sample
}

describe('the sample of images', () => {
  it('has those with the smallest hashes, in whatever order they come', () => {
    const random = seeded(1)
    const images = Array.from({ length: 5000 }, (_, image) => image)
    const expected = images.toSorted((a, b) => hashOfImage(a) - hashOfImage(b)).slice(0, sampleSize)
    const snapshot = sampleOf(images).snapshot()
    expect([...snapshot.images]).toEqual(expected)
    for (let i = 0; i < 5; i++) expect(sampleOf(random.shuffled(images)).snapshot()).toEqual(snapshot)
  })

  it('is spread over all images like a random draw', () => {
    const { images } = sampleOf(Array.from({ length: 100_000 }, (_, image) => image)).snapshot()
    const mean = images.reduce((sum, image) => sum + image, 0) / sampleSize
    // The standard error of the mean of 80 ranks is 3,227.
    expect(Math.abs(mean - 50_000)).toBeLessThan(3 * 3227)
  })

  it.each([100, 70_000])('keeps maxima with their positions, below %d, sorted by channel', (units) => {
    const image = units - 1
    expect(sampleOf([3, image, 5], units).sorted(0)).toEqual([
      { image: 3, activation: 3, position: 3 },
      { image: 5, activation: 5, position: 5 },
      { image, activation: image, position: units - 1 },
    ])
    expect(
      sampleOf([3, image, 5], units)
        .sorted(1)
        .map((entry) => entry.image),
    ).toEqual([image, 5, 3])
  })

  it('leaves images of nothing but NaN out, channel by channel', () => {
    const sample = new ImageSample(2, 1)
    sample.offer(4, Float32Array.of(-Infinity, 1), new Uint32Array(2), 0, 2)
    expect([sample.sorted(0).length, sample.sorted(1).length]).toEqual([0, 1])
  })

  it('refuses a snapshot of another number of channels', () => {
    expect(() => new ImageSample(3, 100).add(sampleOf([1, 2]).snapshot())).toThrow(RangeError)
  })
})

function ranked(count: number): TopEntry[] {
  return Array.from({ length: count }, (_, i) => ({ image: i, activation: i, position: 0 }))
}

describe('groups of quantiles', () => {
  it('are ten of eight in a full sample, each shown by the two in its middle', () => {
    const groups = quantileGroupsOf(ranked(sampleSize))
    expect(groups).toHaveLength(10)
    expect(groups.map(({ from, to }) => [from, to])).toEqual(
      Array.from({ length: 10 }, (_, g) => [g * 8, g * 8 + 7]),
    )
    expect(groups[2]!.samples.map(({ image }) => image)).toEqual([16 + 3, 16 + 4])
    expect(groups.flatMap(({ members }) => members)).toEqual(ranked(sampleSize))
  })

  it('have no image twice, and all of them where there are few', () => {
    for (let count = 0; count <= sampleSize; count++) {
      const groups = quantileGroupsOf(ranked(count))
      const images = groups.flatMap(({ samples }) => samples.map(({ image }) => image))
      expect(images, `${count}`).toEqual([...new Set(images)].toSorted((a, b) => a - b))
      expect(groups.length).toBe(Math.min(10, count))
      if (count <= 20) expect(images).toHaveLength(count)
    }
  })
})
