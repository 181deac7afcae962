import { describe, expect, it } from 'vitest'
import { overImages } from '../../../src/core/reasons/overImages.ts'
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
    expect([...found.meanBefore]).toEqual([0.375, 0.3125, 0.3125])
    expect(found.meanAfter[0]).toBeCloseTo((0.25 + 0.2 + 0.5 + 1) / 4, 6)
  })
})
