import { describe, expect, it } from 'vitest'
import { answerIn, Judge } from '../../../src/core/reasons/judge.ts'
import { byLoss, LossRanking, rankCorrelation } from '../../../src/core/reasons/lossRanking.ts'
import { seededRandom } from '../../../src/core/seededRandom.ts'
import { row } from '../../fixtures/judged.ts'

describe('the ranking of channels by loss', () => {
  const random = seededRandom(5)
  const [images, channels] = [9, 6]
  const rows = Float32Array.from({ length: images * 3 }, () => random() * 4 - 2)
  const wanted = Int32Array.from({ length: images }, (_, i) => (i === 4 ? -1 : i % 3))
  const own = new Judge({ rows, outputs: 3, scale: 'scores', wanted })
  const after = Array.from({ length: images * channels }, () => row(random() * 4, random() * 4, random() * 4))
  const add = (ranking: LossRanking, image: number): void => {
    for (let c = 0; c < channels; c++) ranking.add(image, c, after[image * channels + c]!)
    ranking.finish(image)
  }

  it('is the mean harm of each channel over what is done, whatever the order in which images come', () => {
    const ranking = new LossRanking(own, images, channels)
    const other = new LossRanking(own, images, channels)
    const done = [0, 2, 3, 4, 5, 7, 8]
    for (const image of done) add(ranking, image)
    for (const image of done.toReversed()) add(other, image)
    const found = ranking.result()
    expect(other.result()).toEqual(found)
    expect([ranking.isDone(1), ranking.isDone(2), found.images, found.judged]).toEqual([false, true, 7, 6])
    const judged = done.filter((i) => wanted[i]! >= 0)
    const at = (image: number, c: number): Float32Array => after[image * channels + c]!
    for (let c = 0; c < channels; c++) {
      const harms = judged.map((i) => own.harmOf(i, at(i, c)))
      expect(found.loss[c]).toBeCloseTo(harms.reduce((a, b) => a + b) / harms.length, 12)
      expect(found.changed![c]).toBe(
        done.filter((i) => answerIn(at(i, c), 'scores') !== own.answerOf(i)).length,
      )
      expect(found.right![c]).toBe(judged.filter((i) => answerIn(at(i, c), 'scores') === wanted[i]).length)
    }
    expect(found.rightBefore).toBe(judged.filter((i) => own.answerOf(i) === wanted[i]).length)
    const mean = (list: readonly number[], c: number): number => {
      const harms = list.map((i) => own.harmOf(i, at(i, c))).filter((harm) => !Number.isNaN(harm))
      return harms.reduce((a, b) => a + b) / harms.length
    }
    const half = (parity: number): number[] =>
      Array.from({ length: channels }, (_, c) =>
        mean(
          done.filter((__, i) => i % 2 === parity),
          c,
        ),
      )
    expect(found.stability).toBeCloseTo(rankCorrelation(half(0), half(1))!, 12)
    const order = byLoss(found)
    expect(order.map((c) => found.loss[c]!)).toEqual(found.loss.toSorted((a, b) => b - a))
  })

  it('is not known before there are images, and says nothing of its stability over a few', () => {
    const ranking = new LossRanking(own, images, channels)
    expect(ranking.result()).toMatchObject({ images: 0, stability: null })
    expect(ranking.result().loss.every(Number.isNaN)).toBe(true)
    for (const image of [0, 1, 2]) add(ranking, image)
    expect(ranking.result().stability).toBe(null)
  })

  it('compares orders by Spearman’s correlation of ranks', () => {
    expect(rankCorrelation([1, 2, 3, 4], [10, 20, 30, 1000])).toBe(1)
    expect(rankCorrelation([1, 2, 3, 4], [4, 3, 2, 1])).toBe(-1)
    // scipy.stats.spearmanr([1, 2, 2, 4, 5], [2, 1, 3, 3, 5]).statistic
    expect(rankCorrelation([1, 2, 2, 4, 5], [2, 1, 3, 3, 5])).toBeCloseTo(0.763157894736842, 12)
    expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBe(null)
    expect(rankCorrelation([1, Number.NaN], [1, 2])).toBe(null)
  })
})
