import { describe, expect, it } from 'vitest'
import { ClassMatrix } from '../../../src/core/scan/classMatrix.ts'
import { LayerResult } from '../../../src/core/scan/layerResult.ts'
import { seeded } from '../../fixtures/random.ts'
import { firstImages, summary } from '../../fixtures/summaries.ts'

const images = 30
const channels = 7
/** Class 2 has no image. */
const classOf = Int32Array.from({ length: images }, (_, image) => [0, 1, 3, -1][image % 4]!)

/** Channel 0 is dead, 1 below 0, 2 has NaN for all images of class 1, and the others are as they come. */
const maxima = (() => {
  const random = seeded(5)
  return Array.from({ length: images }, (_, image) =>
    Array.from({ length: channels }, (__, channel) => {
      if (channel === 0) return 4
      if (channel === 1) return -1 - random.next()
      if (channel === 2 && classOf[image] === 1) return -Infinity
      return Math.fround(random.next() * 2 - 0.5)
    }),
  )
})()

const result = new LayerResult(channels, 1, 4, { count: 4, of: classOf })
result.absorb(
  summary(channels, maxima.flat(), { min: Float32Array.from(maxima.flat()) }),
  firstImages(images),
)

function oracle(classNumber: number, channel: number): number {
  const own = maxima.filter((row, image) => classOf[image] === classNumber && row[channel]! > -Infinity)
  if (channel === 0 || own.length === 0) return Number.NaN
  return own.reduce((sum, row) => sum + Math.fround(row[channel]!), 0) / own.length
}

describe('the means of classes by channels', () => {
  const matrix = new ClassMatrix(result)
  for (let some = 0; some < channels; some += 3) {
    expect(matrix.isDone).toBe(false)
    matrix.next(3)
  }

  it('are those of all maxima', () => {
    expect(matrix.isDone).toBe(true)
    expect(matrix.classes).toEqual([0, 1, 3])
    expect(matrix.classes.map((one) => matrix.imagesOf(one))).toEqual([8, 8, 7])
    for (const classNumber of [0, 1, 2, 3])
      for (let channel = 0; channel < channels; channel++) {
        const expected = oracle(classNumber, channel)
        if (Number.isNaN(expected)) expect(matrix.mean(classNumber, channel)).toBeNaN()
        else expect(matrix.mean(classNumber, channel)).toBeCloseTo(expected, 12)
      }
  })

  it('are between the lowest and the highest of their channel, or 0', () => {
    for (let channel = 1; channel < channels; channel++) {
      const means = [0, 1, 3].map((one) => oracle(one, channel)).filter((mean) => !Number.isNaN(mean))
      const [low, high] = [Math.min(0, ...means), Math.max(0, ...means)]
      for (const one of [0, 1, 3]) {
        const mean = oracle(one, channel)
        if (!Number.isNaN(mean))
          expect(matrix.level(one, channel)).toBeCloseTo((mean - low) / (high - low), 12)
      }
    }
  })
})
