import { describe, expect, it } from 'vitest'
import { Judge } from '../../../src/core/reasons/judge.ts'
import { mostChanged, overImages } from '../../../src/core/reasons/overImages.ts'
import { seededRandom } from '../../../src/core/seededRandom.ts'
import { judge, row } from '../../fixtures/judged.ts'

describe('a change over images', () => {
  it('counts right answers by class, most hurt first, and tells which images have another answer', () => {
    const after = row(0.25, 0.5, 0.25, 0.2, 0.6, 0.2, 0.5, 0.25, 0.25, 1, 0, 0)
    const found = overImages(judge, after, 3, [7, 8, 8, -1])
    expect([found.images, found.judged, found.before, found.after]).toEqual([4, 3, 2, 1])
    expect(found.harm).toBeCloseTo((Math.log(2) + Math.log(0.5 / 0.6)) / 3, 6)
    expect(found.changed).toEqual([
      { at: 0, before: 0, after: 1 },
      { at: 3, before: 2, after: 0 },
    ])
    expect(
      found.classes.map(({ classNumber, images, judged, before: was, after: is }) => [
        classNumber,
        images,
        judged,
        was,
        is,
      ]),
    ).toEqual([
      [7, 1, 1, 1, 0],
      [-1, 1, 0, 0, 0],
      [8, 2, 2, 1, 1],
    ])
    expect(found.classes[1]!.harm).toBe(null)
    expect([...found.means.before]).toEqual([0.375, 0.3125, 0.3125])
    expect(found.means.after[0]).toBeCloseTo((0.25 + 0.2 + 0.5 + 1) / 4, 6)
    // Answers say more of classes that the outputs stand for.
    expect(found.classes.map(({ means }) => means)).toEqual([null, null, null])
  })

  it.each(['numbers', 'scores'] as const)('has the mean %s of each class if none can be matched', (scale) => {
    const random = seededRandom(3)
    const [images, outputs] = [50, 7]
    const draw = (): Float32Array => Float32Array.from({ length: images * outputs }, () => random() - 0.5)
    const [rows, after] = [draw(), draw()]
    const classOf = Array.from({ length: images }, () => Math.floor(random() * 4) - 1)
    const found = overImages(new Judge({ rows, outputs, scale, wanted: null }), after, outputs, classOf)
    expect(found.yardstick).toBe(scale === 'numbers' ? 'outputs' : 'own')
    const mean = (values: Float32Array, output: number, isOne: (image: number) => boolean): number => {
      const own = [...classOf.keys()].filter(isOne).map((image) => values[image * outputs + output]!)
      return own.reduce((sum, value) => sum + value, 0) / own.length
    }
    expect(found.classes.map(({ classNumber }) => classNumber).toSorted()).toEqual([-1, 0, 1, 2])
    const parts = [
      { means: found.means, isOne: () => true },
      ...found.classes.map(({ means, classNumber }) => ({
        means: means!,
        isOne: (image: number) => classOf[image] === classNumber,
      })),
    ]
    for (const { means, isOne } of parts)
      for (let output = 0; output < outputs; output++) {
        expect(means.before[output]).toBe(mean(rows, output, isOne))
        expect(means.after[output]).toBe(mean(after, output, isOne))
        // As books write it: the root of the sample variance of the changes, divided by how many there are.
        const changes = [...classOf.keys()]
          .filter(isOne)
          .map((image) => after[image * outputs + output]! - rows[image * outputs + output]!)
        const middle = changes.reduce((sum, one) => sum + one, 0) / changes.length
        const variance = changes.reduce((sum, one) => sum + (one - middle) ** 2, 0) / (changes.length - 1)
        expect(means.error[output]).toBeCloseTo(Math.sqrt(variance / changes.length), 12)
      }
    const harms = found.classes.map(({ harm }) => harm!)
    if (scale === 'numbers') expect(harms).toEqual(harms.toSorted((a, b) => b - a))
  })

  it('does not know how far off the change of a single image is, and that equal ones are not', () => {
    const rows = row(1, 2, 1, 2)
    const errorOf = (images: number): number[] => {
      const own = new Judge({
        rows: rows.subarray(0, 2 * images),
        outputs: 2,
        scale: 'numbers',
        wanted: null,
      })
      return [...overImages(own, row(1.5, 2, 1.5, 2).subarray(0, 2 * images), 2, [0, 0]).means.error]
    }
    expect(errorOf(1)).toEqual([Number.NaN, Number.NaN])
    expect(errorOf(2)).toEqual([0, 0])
  })

  it('orders outputs by how far their means move', () => {
    const means = (...values: number[]): Float64Array => Float64Array.from(values)
    const [nan, inf] = [Number.NaN, Infinity]
    expect(
      mostChanged({ before: means(1, 2, 3, nan, 5, inf, 7), after: means(2, 2, 1, nan, nan, inf, 8) }),
    ).toEqual([4, 2, 0, 6])
  })
})
