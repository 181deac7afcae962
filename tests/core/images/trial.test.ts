import { describe, expect, it } from 'vitest'
import { classOutputs, predictionOf } from '../../../src/core/images/prediction.ts'
import { spreadOverClasses } from '../../../src/core/images/spread.ts'
import { isUntrained, statisticsFit } from '../../../src/core/images/storedStatistics.ts'
import { compare, judge, percent, type TrialReport } from '../../../src/core/images/trial.ts'
import { chain, spec } from '../../fixtures/kerasModels.ts'

function answering(units: number) {
  return chain([8, 8, 3], [spec('Flatten', 'flat'), spec('Dense', 'out', { units })])
}

describe('a prediction', () => {
  it.each([
    ['probabilities', [0.1, 0.7, 0.2], 1, 0.7],
    ['logits', [0, Math.log(3)], 1, 0.75],
    ['several sigmoids', [0.9, 0.8], 0, 0.9],
    ['one sigmoid', [0.2], 0, 0.8],
    ['one logit', [Math.log(9)], 1, 0.9],
    ['large logits', [1000, 990], 0, 1],
  ] as const)('of %s', (_, values, output, probability) => {
    const prediction = predictionOf(values)!
    expect(prediction.output).toBe(output)
    expect(prediction.probability).toBeCloseTo(probability, 3)
  })

  it('is none of what is not finite', () => {
    expect(predictionOf([Number.NaN, 1])).toBeNull()
    expect(predictionOf([Infinity, 1])).toBeNull()
    expect(predictionOf([])).toBeNull()
  })
})

describe('which output stands for which class', () => {
  it('is what the model’s labels say, whatever the capitals and numbers', () => {
    const found = classOutputs(answering(3), ['0 Dog', '1 Cat', '2 Fish'], ['cat', 'dog', 'bird'])
    expect(found?.outputOf).toEqual([1, 0, -1])
  })

  it('is the alphabet where there are as many, as Keras numbers folders', () => {
    const found = classOutputs(answering(3), null, ['cow', 'Zebra', 'ant'])
    expect(found).toMatchObject({ outputOf: [2, 0, 1], names: ['Zebra', 'ant', 'cow'] })
    expect(found!.assumption).toContain('alphabetical')
    // A single output tells two classes apart.
    expect(classOutputs(answering(1), null, ['dog', 'cat'])?.outputOf).toEqual([1, 0])
  })

  it('is not known otherwise', () => {
    expect(classOutputs(answering(4), null, ['cow', 'ant'])).toBeNull()
    expect(classOutputs(chain([8, 8, 3], [spec('ReLU', 'map')]), ['a'], ['a'])).toBeNull()
  })
})

describe('images that stand for all', () => {
  const table = (classes: readonly number[]) => ({
    classOf: Int32Array.from(classes),
    order: Uint32Array.from(classes.keys()),
  })

  it('are spread over classes and within them', () => {
    const classes = [...Array<number>(90).fill(0), ...Array<number>(6).fill(1), ...Array<number>(4).fill(2)]
    const images = spreadOverClasses(table(classes), 6)
    expect(images.map((image) => classes[image])).toEqual([0, 0, 1, 1, 2, 2])
    expect(images).toEqual([0, 45, 90, 93, 96, 98])
  })

  it('are as many as there are, or every nth class', () => {
    expect(spreadOverClasses(table([-1, -1, -1]), 16)).toEqual([0, 1, 2])
    expect(spreadOverClasses(table(Array.from({ length: 100 }, (_, i) => i)), 4)).toEqual([0, 25, 50, 75])
    expect(spreadOverClasses(table([]), 4)).toEqual([])
  })
})

describe('stored statistics', () => {
  const stored = { mean: [1, 2, 3], variance: [4, 4, 0] }

  it('fit themselves, and not what is shifted or scaled', () => {
    expect(statisticsFit('bn', stored, stored)).toEqual({ layer: 'bn', shift: 0, spread: 1, divergence: 0 })
    const shifted = statisticsFit('bn', { mean: [3, 4, 3], variance: [4, 4, 0] }, stored)!
    expect(shifted).toMatchObject({ shift: 1, spread: 1, divergence: 0.5 })
    const scaled = statisticsFit('bn', { mean: [1, 2, 3], variance: [16, 16, 9] }, stored)!
    expect(scaled.spread).toBe(2)
    expect(scaled.divergence).toBeCloseTo((4 - 1 - Math.log(4)) / 2)
  })

  it('say nothing where training never changed them, or all channels are constant', () => {
    expect(isUntrained({ mean: [0, 0], variance: [1, 1] })).toBe(true)
    expect(isUntrained(stored)).toBe(false)
    expect(statisticsFit('bn', stored, { mean: [1], variance: [0] })).toBeNull()
  })
})

describe('the comparison', () => {
  const outputs = { outputOf: [0, 1], names: ['a', 'b'], assumption: '' }
  const classes = [0, 0, 1, 1]

  function report(more: Partial<TrialReport> = {}): TrialReport {
    return {
      outputs: [
        [1, 0],
        [1, 0],
        [0, 1],
        [0, 1],
      ],
      dead: { count: 2, of: 100 },
      saturated: { count: 0, of: 0 },
      statistics: null,
      notFinite: false,
      ...more,
    }
  }
  const fit = (divergence: number) => ({ layer: 'bn', shift: 0, spread: 1, divergence })
  const comparison = (...reports: TrialReport[]) =>
    compare(reports.map((one) => judge(one, classes, outputs)))

  it('counts right answers', () => {
    const wrong = [[0, 1], [1, 0], [1, 0], null]
    const found = comparison(report({ outputs: wrong }), report())
    expect(found.best).toBe(1)
    expect(found.verdicts.map(({ right }) => right)).toEqual([
      { count: 1, of: 3 },
      { count: 4, of: 4 },
    ])
    expect(found.reason).toBe('It gets 4 of 4 right.')
  })

  it('trusts statistics, and says all that speaks for the best', () => {
    const found = comparison(
      report({ statistics: fit(0.1) }),
      report({
        statistics: fit(30),
        dead: { count: 60, of: 100 },
        outputs: [
          [0, 1],
          [0, 1],
          [0, 1],
          [0, 1],
        ],
      }),
    )
    expect(found.best).toBe(0)
    expect(found.reason).toBe(
      'It fits the stored statistics of bn best, gets 4 of 4 right and leaves the fewest channels dead (2 %).',
    )
  })

  it('never chooses what makes NaN, and says when nothing tells them apart', () => {
    const found = comparison(report({ notFinite: true }), report({ dead: { count: 90, of: 100 } }))
    expect(found.best).toBe(1)
    expect(comparison(report(), report())).toMatchObject({
      best: null,
      reason: 'These images do not tell which one is right: the best ones differ too little.',
    })
    expect(comparison()).toMatchObject({ best: null })
  })

  it('writes shares so that some is never none', () => {
    expect([0, 1, 500, 999, 1000].map((count) => percent({ count, of: 1000 }))).toEqual([
      '0 %',
      'under 1 %',
      '50 %',
      'over 99 %',
      '100 %',
    ])
    expect(percent({ count: 0, of: 0 })).toBe('0 %')
  })
})
