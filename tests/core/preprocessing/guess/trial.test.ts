import { describe, expect, it } from 'vitest'
import { classOutputs, predictionOf } from '../../../../src/core/preprocessing/guess/prediction.ts'
import { isUntrained, statisticsFit } from '../../../../src/core/preprocessing/guess/storedStatistics.ts'
import { compare, percent, type TrialReport } from '../../../../src/core/preprocessing/guess/trial.ts'
import type { IndexReport } from '../../../../src/core/images/imageTable.ts'
import { chain, spec } from '../../../fixtures/kerasModels.ts'

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
  /** The images' classes, in the order of the images. */
  const table = (
    classNames: readonly string[],
    classes: readonly number[] = [],
    index: IndexReport | null = null,
  ) => ({
    classNames,
    classOf: Int32Array.from(classes),
    order: Uint32Array.from(classes.keys()),
    index,
  })

  it('is what the model’s labels say, whatever the capitals and numbers', () => {
    const [found, ...others] = classOutputs(
      answering(3),
      ['0 Dog', '1 Cat', '2 Fish'],
      table(['cat', 'dog', 'bird']),
    )
    expect(found).toMatchObject({ outputOf: [1, 0, -1], supposed: false })
    expect(others).toEqual([])
  })

  it('may be the alphabet where there are as many, or the order of the images', () => {
    const found = classOutputs(answering(3), null, table(['cow', 'Zebra', 'ant'], [-1, 0, 0, 2, 1]))
    expect(found.map(({ names }) => names)).toEqual([
      ['Zebra', 'ant', 'cow'],
      ['cow', 'ant', 'Zebra'],
    ])
    expect(found.map(({ outputOf }) => outputOf)).toEqual([
      [2, 0, 1],
      [0, 2, 1],
    ])
    // A single output tells two classes apart; both orders may be the same.
    const [both, ...others] = classOutputs(answering(1), null, table(['cat', 'dog'], [0, 1]))
    expect(both!.outputOf).toEqual([0, 1])
    expect(others).toEqual([])
  })

  it('is likelier to be the order of an index, if that lists one class after the other', () => {
    const names = ['cow', 'Zebra', 'ant']
    const index: IndexReport = {
      name: 'index.csv',
      columns: { file: 0, class: 1, split: null },
      header: false,
      classesFrom: 'index',
      missing: [],
      unnamed: [],
      contradicting: [],
    }
    const likeliest = (classes: readonly number[], of: IndexReport | null): readonly string[] =>
      classOutputs(answering(3), null, table(names, classes, of))[0]!.names
    expect(likeliest([0, 0, 2, 2, -1, 1, 1], index)).toEqual(['cow', 'ant', 'Zebra'])
    expect(likeliest([0, 0, 2, 0, 1, 1], index)).toEqual(['Zebra', 'ant', 'cow'])
    expect(likeliest([0, 0, 2, 2, 1, 1], null)).toEqual(['Zebra', 'ant', 'cow'])
  })

  it('is not known otherwise', () => {
    expect(classOutputs(answering(4), null, table(['cow', 'ant']))).toEqual([])
    expect(classOutputs(chain([8, 8, 3], [spec('ReLU', 'map')]), ['a'], table(['a']))).toEqual([])
  })
})

describe('stored statistics', () => {
  const stored = { mean: [1, 2, 3], variance: [4, 4, 0] }

  it('fit themselves, and not what is shifted or scaled', () => {
    expect(statisticsFit('bn', stored, stored)).toEqual({
      layer: 'bn',
      shift: 0,
      deviationRatio: 1,
      divergence: 0,
    })
    const shifted = statisticsFit('bn', { mean: [3, 4, 3], variance: [4, 4, 0] }, stored)!
    expect(shifted).toMatchObject({ shift: 1, deviationRatio: 1, divergence: 0.5 })
    const scaled = statisticsFit('bn', { mean: [1, 2, 3], variance: [16, 16, 9] }, stored)!
    expect(scaled.deviationRatio).toBe(2)
    expect(scaled.divergence).toBeCloseTo((4 - 1 - Math.log(4)) / 2)
  })

  it('say nothing where training never changed them, or all channels are constant', () => {
    expect(isUntrained({ mean: [0, 0], variance: [1, 1] })).toBe(true)
    expect(isUntrained(stored)).toBe(false)
    expect(statisticsFit('bn', stored, { mean: [1], variance: [0] })).toBeNull()
  })
})

describe('the comparison', () => {
  const named = { outputOf: [0, 1], names: ['a', 'b'], assumption: 'alphabetical', supposed: true }
  const reversed = { ...named, outputOf: [1, 0], assumption: 'as they come' }
  const classes = [0, 0, 1, 1]
  const a = [1, 0]
  const b = [0, 1]

  function report(more: Partial<TrialReport> = {}): TrialReport {
    return {
      outputs: [a, a, b, b],
      dead: { count: 2, of: 100 },
      saturated: { count: 0, of: 0 },
      statistics: null,
      notFinite: false,
      ...more,
    }
  }
  const fit = (divergence: number) => ({ layer: 'bn', shift: 0, deviationRatio: 1, divergence })

  it('counts right answers', () => {
    const found = compare([report({ outputs: [b, a, a, null] }), report()], classes, [named])
    expect(found.best).toBe(1)
    expect(found.verdicts.map(({ right }) => right)).toEqual([
      { count: 1, of: 3 },
      { count: 4, of: 4 },
    ])
    expect(found.reason).toBe('It gets 4 of 4 right.')
  })

  it('finds out how classes are numbered, and counts nothing where no numbering makes sense', () => {
    const swapped = report({ outputs: [b, b, a, a] })
    expect(compare([swapped, report({ outputs: [a, b, a, b] })], classes, [named, reversed])).toMatchObject({
      best: 0,
      classes: { assumption: 'as they come' },
    })
    const lost = compare([report({ outputs: [a, b, a, b] })], classes, [named, reversed])
    expect(lost.classes).toBeNull()
    expect(lost.verdicts[0]!.right).toBeNull()
    // The labels of the file count, whether they are right or wrong.
    const told = { ...named, supposed: false }
    expect(compare([swapped], classes, [told]).verdicts[0]!.right).toEqual({ count: 0, of: 4 })
  })

  it('trusts statistics, and says all that speaks for the best', () => {
    const worse = report({ statistics: fit(30), dead: { count: 60, of: 100 }, outputs: [b, b, b, b] })
    const found = compare([report({ statistics: fit(0.1) }), worse], classes, [named])
    expect(found.best).toBe(0)
    expect(found.reason).toBe(
      'It fits the stored statistics of bn best, gets 4 of 4 right and leaves the fewest channels dead (2 %).',
    )
  })

  it('never chooses what makes NaN, and says when nothing tells them apart', () => {
    const dead = (count: number): TrialReport => report({ dead: { count, of: 100 } })
    expect(compare([report({ notFinite: true }), dead(90)], classes, [named]).best).toBe(1)
    const nan = [Number.NaN, Number.NaN]
    const nothing = report({ outputs: [nan, nan, nan, nan], notFinite: true })
    expect(compare([nothing, report({ statistics: fit(1) })], classes, [named]).reason).toBe(
      'It fits the stored statistics of bn best and gets 4 of 4 right.',
    )
    const unclear = {
      best: null,
      reason: 'These images do not tell which one is right: the best ones differ too little.',
    }
    expect(compare([report(), report()], classes, [named])).toMatchObject(unclear)
    // A few more dead channels tell nothing by themselves; half of all channels do.
    expect(compare([dead(2), dead(12)], classes, [])).toMatchObject(unclear)
    expect(compare([dead(2), dead(52)], classes, [])).toMatchObject({
      best: 0,
      reason: 'It leaves the fewest channels dead (2 %).',
    })
    expect(compare([], classes, [])).toMatchObject({ best: null })
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
