import { describe, expect, it } from 'vitest'
import { leadingClass } from '../../../src/core/scan/classShares.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { blockSize, scanOrder } from '../../../src/core/scan/scanOrder.ts'
import { seeded } from '../../fixtures/random.ts'
import { summary } from '../../fixtures/summaries.ts'

const numbers = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, image) => image)

/** The number of images taken from each part, if the set is cut into parts of equal length. */
function shares(images: Uint32Array, count: number, parts: number): number[] {
  const counts = Array<number>(parts).fill(0)
  for (const image of images) counts[Math.floor((image / count) * parts)]! += 1
  return counts
}

describe('the order of a scan', () => {
  it.each([0, 1, 7, 8, 9, 100, 7454, 100_003])(
    'has each of %d images once, the same way each time',
    (count) => {
      const order = scanOrder(numbers(count))
      expect(order.toSorted()).toEqual(numbers(count))
      expect(scanOrder(numbers(count))).toEqual(order)
    },
  )

  it('keeps neighbours together, by their place and not by their number', () => {
    const images = numbers(1000).toReversed()
    const order = scanOrder(images)
    for (let at = 0; at < order.length; at += blockSize)
      for (let i = 1; i < blockSize; i++) expect(order[at + i]).toBe(order[at]! - i)
    expect(order).not.toEqual(images)
  })

  it('is fair from the start: each run of 2, 4, 8 … blocks takes one from each part', () => {
    const count = 1024 * blockSize
    const order = scanOrder(numbers(count))
    for (let parts = 2; parts <= 1024; parts *= 2)
      expect(shares(order.subarray(0, parts * blockSize), count, parts), `${parts} parts`).toEqual(
        Array<number>(parts).fill(blockSize),
      )
  })

  it('has all classes of a sorted set after a few hundred images, as many as their share', () => {
    // The classes of the exercise.
    const classes = [1020, 1014, 799, 253, 257, 576, 452, 538, 607, 463, 713, 762]
    const ends = classes.map((_, i) => classes.slice(0, i + 1).reduce((sum, size) => sum + size))
    const count = ends.at(-1)!
    for (const taken of [272, 1000, 3000]) {
      const first = scanOrder(numbers(count)).subarray(0, taken)
      for (const [i, size] of classes.entries()) {
        const found = first.filter((image) => image < ends[i]! && image >= ends[i]! - size).length
        // The number differs from the class's share by less than three blocks.
        expect(Math.abs(found - (taken * size) / count), `${taken}: class ${i}`).toBeLessThan(3 * blockSize)
      }
    }
  })

  it('leaves no mosaic of one class only after 272 images, where channels do not care for the class', () => {
    const [count, channels, classes] = [7454, 64, 12]
    const classOf = Int32Array.from({ length: count }, (_, image) => Math.floor((image * classes) / count))
    const mostOfOneClass = (order: Uint32Array): number => {
      const images = Int32Array.from(order.subarray(0, 272))
      const values = Array.from(images, (image) =>
        Array.from({ length: channels }, (_, channel) => seeded(image * channels + channel).next()),
      )
      const result = new LayerResult(channels, 1, 25)
      result.absorb(summary(channels, values.flat()), images)
      const leading = Array.from({ length: channels }, (_, c) => leadingClass(result, c, 16, classOf)!.share)
      return Math.max(...leading)
    }
    expect(mostOfOneClass(numbers(count))).toBe(1)
    expect(mostOfOneClass(scanOrder(numbers(count)))).toBeLessThan(0.5)
  })

  it('favours nothing that comes back at regular distances', () => {
    const count = 64 * 256
    for (const period of [16, 32, 64, 256]) {
      const first = scanOrder(numbers(count)).subarray(0, count / 8)
      const found = first.filter((image) => image % period < period / 2).length / first.length
      expect(Math.abs(found - 0.5), `period ${period}`).toBeLessThan(0.13)
    }
  })
})
