import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/core/seededRandom.ts'
import { givesAnswer, seededOrder } from '../../../src/core/reasons/answers.ts'
import { answerIn, Judge, probabilityOf, scaleOf } from '../../../src/core/reasons/judge.ts'
import { byLoss, LossRanking, rankCorrelation } from '../../../src/core/reasons/lossRanking.ts'
import { overImages } from '../../../src/core/reasons/overImages.ts'
import { inputSpec, keras3FunctionalJson, networkOf, spec } from '../../fixtures/kerasModels.ts'

const row = (...values: number[]): Float32Array => Float32Array.from(values)

/** Three classes, four images of the classes 0, 1, 1 and none. */
const before = row(0.5, 0.25, 0.25, 0.25, 0.5, 0.25, 0.5, 0.25, 0.25, 0.25, 0.25, 0.5)
const judge = new Judge({
  rows: before,
  outputs: 3,
  scale: 'probabilities',
  wanted: Int32Array.of(0, 1, 1, -1),
})

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

describe('the sample', () => {
  it('has all images once, and a small one is part of a large one', () => {
    const all = seededOrder([5, 6, 7, 8, 9, 10], seededRandom(1))
    expect([...all].toSorted((a, b) => a - b)).toEqual([5, 6, 7, 8, 9, 10])
    expect([...all]).not.toEqual([5, 6, 7, 8, 9, 10])
    expect([...seededOrder([5, 6, 7, 8, 9, 10], seededRandom(1))]).toEqual([...all])
  })
})

describe('outputs', () => {
  const ending = (...layers: ReturnType<typeof spec>[]) =>
    networkOf(
      keras3FunctionalJson([
        inputSpec([8, 8, 3]),
        spec('Conv2D', 'conv', { filters: 4, kernel_size: 3 }, ['image']),
        ...layers,
      ]),
    )
  const pooled = spec('GlobalAveragePooling2D', 'pooled', {}, ['conv'])

  it('are an answer if a dense layer or a softmax gives them, or if they have names', () => {
    const dense = ending(
      pooled,
      spec('Dense', 'dense', { units: 3 }, ['pooled']),
      spec('Activation', 'end', { activation: 'sigmoid' }, ['dense']),
    )
    expect(givesAnswer(dense, dense.layers.length - 1, false)).toBe(true)
    expect(givesAnswer(dense, dense.layers.length - 2, false)).toBe(false)
    const features = ending(pooled)
    expect(givesAnswer(features, 2, false)).toBe(false)
    expect(givesAnswer(features, 2, true)).toBe(true)
    const softmax = ending(pooled, spec('Softmax', 'softmax', {}, ['pooled']))
    expect(givesAnswer(softmax, 3, false)).toBe(true)
    const map = ending()
    expect(givesAnswer(map, 1, true)).toBe(false)
  })
})
