import { describe, expect, it } from 'vitest'
import {
  ClassMeans,
  layersWithClasses,
  maxMeans,
  maxMeansOfScan,
  whyNoClasses,
} from '../../../src/core/scan/classMeans.ts'
import { seeded } from '../../fixtures/random.ts'

const channels = 3

function meansOf(of: Int32Array, count: number, maxima: Float32Array, order: readonly number[]): ClassMeans {
  const means = new ClassMeans(channels, { count, of })
  const bits = new Uint32Array(maxima.buffer)
  for (const image of order) means.addRow(image, maxima, bits, image * channels, (image + 1) * channels)
  return means
}

describe('the means of classes', () => {
  it('are those of the finite maxima of their images, in any order', () => {
    const random = seeded(4)
    const images = 400
    const of = Int32Array.from({ length: images }, () => random.int(-1, 4))
    const maxima = Float32Array.from({ length: images * channels }, () =>
      random.next() < 0.1 ? random.pick([Infinity, -Infinity]) : random.next() * 4 - 1,
    )
    const inOrder = [...of.keys()]
    const means = meansOf(of, 6, maxima, inOrder)
    for (let channel = 0; channel < channels; channel++) {
      const found = means.means(channel)
      // No image is of class 5.
      expect(found.map(({ classNumber }) => classNumber)).toEqual([0, 1, 2, 3, 4])
      for (const { classNumber, images: count, mean } of found) {
        const values = inOrder
          .filter((image) => of[image] === classNumber)
          .map((image) => maxima[image * channels + channel]!)
          .filter(Number.isFinite)
        expect(count).toBe(values.length)
        expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 12)
      }
    }
    const shuffled = meansOf(of, 6, maxima, random.shuffled(inOrder))
    expect(shuffled.snapshot()).toEqual(means.snapshot())
  })

  it('go on from a snapshot, and refuse one of other classes', () => {
    const of = Int32Array.of(0, 1)
    const maxima = Float32Array.of(1, 2, Infinity, 4, 5, 6)
    const first = meansOf(of, 2, maxima, [0])
    const second = new ClassMeans(channels, { count: 2, of })
    second.add(structuredClone(first.snapshot()))
    second.addRow(1, maxima, new Uint32Array(maxima.buffer), 3, 6)
    expect(second.snapshot()).toEqual(meansOf(of, 2, maxima, [0, 1]).snapshot())
    expect(() => new ClassMeans(channels, { count: 3, of }).add(first.snapshot())).toThrow(RangeError)
  })
})

describe('layers with classes', () => {
  it('are all where there is memory for all, and none without classes', () => {
    expect(layersWithClasses([64, 128, 12], 12)).toEqual([true, true, true])
    expect(layersWithClasses([64, 128, 12], 0)).toEqual([false, false, false])
  })

  it('are none with too many means, and the last ones of too many layers', () => {
    expect(layersWithClasses([64, maxMeans / 1000 + 1, 512], 1000)).toEqual([true, false, true])
    const many = Array.from({ length: 10 }, () => maxMeans)
    const chosen = layersWithClasses(many, 1)
    expect(chosen).toEqual(many.map((_, i) => i >= many.length - maxMeansOfScan / maxMeans))
  })

  it('say why they have none', () => {
    expect(whyNoClasses(2048, 1000)).toBe(
      'The means of 1,000 classes in 2,048 channels are left out: more than 1,000,000 of them a layer take too much memory.',
    )
    expect(whyNoClasses(64, 1000)).toBe(
      'The means of the classes are left out here: more than 4,000,000 of them in one scan take too much memory. Scan fewer layers at a time.',
    )
  })
})
