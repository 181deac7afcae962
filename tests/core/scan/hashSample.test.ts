import { describe, expect, it } from 'vitest'
import { hashOfImage, HashSample } from '../../../src/core/scan/hashSample.ts'
import { seeded } from '../../fixtures/random.ts'

function sampleOf(images: readonly number[], size: number): HashSample {
  const sample = new HashSample(size)
  for (const image of images) sample.take(image)
  return sample
}

function imagesOf({ rows }: HashSample): number[] {
  return rows.map(({ image }) => image)
}

describe('which images are in a sample', () => {
  const all = Array.from({ length: 3000 }, (_, image) => image)

  it('is told by their hashes, in whatever order they come', () => {
    const random = seeded(1)
    const expected = all.toSorted((a, b) => hashOfImage(a) - hashOfImage(b)).slice(0, 50)
    for (let i = 0; i < 5; i++) expect(imagesOf(sampleOf(random.shuffled(all), 50))).toEqual(expected)
  })

  it('is all of them if they are no more than its size', () => {
    expect(imagesOf(sampleOf(all, 3000)).toSorted((a, b) => a - b)).toEqual(all)
  })

  it('is the same in a smaller sample, as far as that goes', () => {
    expect(imagesOf(sampleOf(all, 20))).toEqual(imagesOf(sampleOf(all, 50)).slice(0, 20))
  })

  it('gives each image a slot of its own, that of one that has left', () => {
    const random = seeded(2)
    const sample = new HashSample(8)
    const kept = new Map<number, number>()
    for (const image of random.shuffled(all)) {
      const slot = sample.take(image)
      if (slot !== null) kept.set(slot, image)
      for (const row of sample.rows) expect(kept.get(row.slot)).toBe(row.image)
    }
    expect([...kept.keys()].toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
  })

  it('hashes as MurmurHash3 does at its end', () => {
    // The function fmix32 of Appleby's smhasher.
    expect([0, 1, 2].map(hashOfImage)).toEqual([0, 0x514e28b7, 0x30f4c306])
  })
})
