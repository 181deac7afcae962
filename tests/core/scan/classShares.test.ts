import { describe, expect, it } from 'vitest'
import { leadingClass, topOfClasses } from '../../../src/core/scan/classShares.ts'
import type { ReadableResult } from '../../../src/core/scan/statistics/statistic.ts'
import { scanned } from '../../fixtures/summaries.ts'

// Channel 0 is weak, 1 dead, 2 strong, 3 as strong, 4 dead.
const result = scanned(
  [
    [0.5, 0, 9, 1, 7],
    [0.25, 0, 1, 9, 7],
    [0.1, 0, 8, 8, 7],
  ],
  2,
)
const classOf = Int32Array.of(0, 1, 0)

describe('the leading class', () => {
  it('is the one of most top patches, with its share', () => {
    expect(leadingClass(result, 2, 16, classOf)).toEqual({ classNumber: 0, share: 1 })
    expect(leadingClass(scanned([[3], [2], [1], [0]], 4), 0, 16, Int32Array.of(2, 1, 1, 0))).toEqual({
      classNumber: 1,
      share: 0.5,
    })
  })

  it('is the class of the better patch where two share the lead', () => {
    expect(leadingClass(result, 3, 16, classOf)).toEqual({ classNumber: 1, share: 0.5 })
  })

  it('counts images without a class among all', () => {
    expect(leadingClass(result, 2, 16, Int32Array.of(-1, 1, 0))).toEqual({ classNumber: 0, share: 0.5 })
  })

  it('is none for a dead channel and without classes', () => {
    expect(leadingClass(result, 1, 16, classOf)).toBeNull()
    expect(leadingClass(result, 2, 16, Int32Array.of(-1, -1, -1))).toBeNull()
  })

  it('is taken from what is written down, where the images are not there to tell', () => {
    const recorded: ReadableResult = Object.assign(scanned([[3], [2]], 4), {
      classesOfTop: () => new Map([[7, 2]]),
    })
    expect(topOfClasses(recorded, 0, 16, new Int32Array(0))).toEqual(new Map([[7, 2]]))
    expect(leadingClass(recorded, 0, 16, new Int32Array(0))).toEqual({ classNumber: 7, share: 1 })
  })
})
