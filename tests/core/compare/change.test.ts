import { describe, expect, it } from 'vitest'
import { type Change, changeOf, sharedPart, sortChanges } from '../../../src/core/compare/change.ts'
import { seeded } from '../../fixtures/random.ts'
import { scanned } from '../../fixtures/summaries.ts'

const images = 40
const k = 6

function activations(seed: number): number[][] {
  const random = seeded(seed)
  return Array.from({ length: images }, () => [random.next(), random.int(0, 3), 0.5, random.next()])
}

/** The images with the highest activations, of equal ones the first: everything sorted. */
function best(rows: readonly (readonly number[])[], channel: number): number[] {
  return rows
    .map((row, image) => [Math.fround(row[channel]!), image] as const)
    .toSorted(([a, i], [b, j]) => b - a || i - j)
    .slice(0, k)
    .map(([, image]) => image)
}

describe('the change of a channel', () => {
  const [before, after] = [activations(1), activations(2)]
  const [a, b] = [
    scanned(before, 10),
    scanned(
      after.map((row) => [row[0]!, row[1]!, row[3]!, 0.25]),
      10,
    ),
  ]

  it('is how many of the top images are the same', () => {
    for (const channel of [0, 1]) {
      const both = best(before, channel).filter((image) => best(after, channel).includes(image))
      const change = changeOf({ before: channel, after: channel, correlation: 0 }, a, b, k)
      expect(change).toMatchObject({ fate: 'alive', shared: both.length, of: k })
      expect(sharedPart(change)).toBe(both.length / k)
    }
    expect(changeOf({ before: 0, after: 0, correlation: 1 }, a, a, k).shared).toBe(k)
  })

  it('tells born, died and dead from alive', () => {
    const fate = (one: number | null, other: number | null): string =>
      changeOf({ before: one, after: other, correlation: Number.NaN }, a, b, k).fate
    expect(fate(2, 2)).toBe('born')
    expect(fate(3, 3)).toBe('died')
    expect(fate(2, 3)).toBe('dead')
    expect(fate(0, 1)).toBe('alive')
    expect(fate(null, 1)).toBe('alone')
    expect(sharedPart(changeOf({ before: 2, after: 3, correlation: Number.NaN }, a, b, k))).toBeNaN()
  })

  it('sorts those first that have changed most', () => {
    const one = (number: number, correlation: number, shared: number, fate: Change['fate']): Change => ({
      before: number,
      after: number,
      correlation,
      shared,
      of: fate === 'alive' || fate === 'born' ? 4 : 0,
      fate,
    })
    const changes = [
      one(0, 0.9, 4, 'alive'),
      one(1, Number.NaN, 0, 'dead'),
      one(2, -0.2, 3, 'alive'),
      one(3, Number.NaN, 0, 'born'),
      one(4, 0.1, 0, 'alive'),
      { ...one(5, Number.NaN, 0, 'alone'), before: null },
      one(6, Number.NaN, 1, 'alive'),
      one(7, Number.NaN, 2, 'alive'),
    ]
    const numbers = (order: Parameters<typeof sortChanges>[1]): (number | null)[] =>
      sortChanges(changes, order).map(({ after: number }) => number)
    expect(numbers('changed')).toEqual([3, 2, 4, 0, 6, 7, 1, 5])
    expect(numbers('images')).toEqual([4, 3, 6, 7, 2, 0, 1, 5])
    expect(numbers('number')).toEqual([0, 1, 2, 3, 4, 6, 7, 5])
  })
})
