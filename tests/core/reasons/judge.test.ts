import { describe, expect, it } from 'vitest'
import { answerIn, Judge, probabilityOf, scaleOf } from '../../../src/core/reasons/judge.ts'
import { before, judge, row } from '../../fixtures/judged.ts'

describe('the judge of outputs', () => {
  it('takes the largest output for the answer, the first one on ties, and none if one is not finite', () => {
    expect(answerIn(row(1, 3, 3), 'scores')).toBe(1)
    expect(answerIn(row(1, Number.NaN), 'scores')).toBe(-1)
    expect(answerIn(row(1, Infinity), 'scores')).toBe(-1)
    expect([-1, 0, 0.4].map((x) => answerIn(row(x), 'scores'))).toEqual([0, 1, 1])
    expect([0.4, 0.5].map((x) => answerIn(row(x), 'probabilities'))).toEqual([0, 1])
  })

  it('makes probabilities of scores by softmax, however large they are', () => {
    expect(probabilityOf(row(1000, 1000 + Math.log(3)), 'scores', 1)).toBeCloseTo(0.75, 4)
    expect(probabilityOf(row(0.2, 0.8), 'probabilities', 1)).toBeCloseTo(0.8, 6)
    expect(probabilityOf(row(Math.log(3)), 'scores', 1)).toBeCloseTo(0.75, 6)
    expect(probabilityOf(row(Math.log(3)), 'scores', 0)).toBeCloseTo(0.25, 6)
  })

  it('sees by the outputs of all images what they are', () => {
    expect(scaleOf(row(0.5, 1, 0), true)).toBe('probabilities')
    expect(scaleOf(row(0.5, 1.5), true)).toBe('scores')
    expect(scaleOf(row(0.5, 1), false)).toBe('numbers')
  })

  it('measures harm as the increase of cross-entropy of the right answer, else of the own one', () => {
    expect(judge.yardstick).toBe('right')
    expect(judge.harmOf(0, row(0.25, 0.5, 0.25))).toBeCloseTo(Math.log(2), 6)
    expect(judge.harmOf(1, row(0, 1, 0))).toBeCloseTo(-Math.log(2), 6)
    expect(judge.harmOf(3, row(1, 0, 0))).toBeNaN()
    // Float32 has no probability between this and 0.
    expect(judge.harmOf(0, row(0, 1, 0))).toBeCloseTo(Math.log(0.5) + 7 * Math.log(10), 5)
    const own = new Judge({ rows: before, outputs: 3, scale: 'probabilities', wanted: null })
    expect(own.yardstick).toBe('own')
    expect(own.harmOf(3, row(0.75, 0, 0.25))).toBeCloseTo(Math.log(2), 6)
  })

  it('measures outputs that are no answer by how far they move', () => {
    const plain = new Judge({ rows: row(3, 4, 0, 5), outputs: 2, scale: 'numbers', wanted: null })
    expect(plain.yardstick).toBe('outputs')
    expect(plain.harmOf(0, row(3, 3))).toBeCloseTo(1 / 5, 12)
    expect(plain.harmOf(1, row(3, 1))).toBeCloseTo(1, 12)
  })
})
