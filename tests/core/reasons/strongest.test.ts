import { describe, expect, it } from 'vitest'
import { byNorm, equationOf, largestWeight, MeanTerms } from '../../../src/core/reasons/strongest.ts'
import { seeded } from '../../fixtures/random.ts'

describe('an equation', () => {
  const random = seeded(2)
  const terms = Array.from({ length: 40 }, (_, channel) => ({
    layer: 3,
    channel,
    value: random.next() * 4 - 2,
  }))
  const bias = 0.123456
  const value = terms.reduce((sum, term) => sum + term.value, bias)

  it.each([0, 1, 5, 40, 60])('of %i terms comes out even as it is written', (most) => {
    const { terms: shown, rest, others, decimals, ...equation } = equationOf({ terms, bias, value }, most)
    const whole = (number: number): number => Math.round(number * 10 ** decimals)
    const right = shown.reduce((sum, term) => sum + whole(term.value), whole(rest) + whole(equation.bias))
    expect(right).toBe(whole(equation.value))
    expect(equation.value).toBeCloseTo(value, 3)
    expect(shown.length + others).toBe(40)
    // Rounding moves the rest, or the bias, by no more than half a unit a number.
    expect(Math.abs(equation.bias - bias)).toBeLessThan(45 * 10 ** -decimals)
  })

  it('has the largest terms first, whatever their signs', () => {
    const { terms: shown } = equationOf({ terms, bias, value }, 6)
    const sizes = terms.map((term) => Math.abs(term.value)).toSorted((a, b) => b - a)
    for (const [i, term] of shown.entries()) expect(Math.abs(term.value)).toBeCloseTo(sizes[i]!, 3)
  })

  it('is of nothing, or of numbers that are very small', () => {
    expect(equationOf({ terms: [], bias: 0, value: 0 }, 6)).toMatchObject({ value: 0, bias: 0, rest: 0 })
    const small = equationOf({ terms: [{ layer: 1, channel: 2, value: 3e-7 }], bias: 1e-7, value: 4e-7 }, 6)
    expect(small.value).toBeCloseTo(4e-7, 12)
  })
})

describe('neighbours', () => {
  const slices = {
    layer: 2,
    channels: Int32Array.of(4, 7, 9),
    rows: 1,
    columns: 2,
    weights: Float32Array.of(1, 0, -3, 4, 0, -2),
    norms: Float64Array.of(1, 5, 2),
    sums: Float64Array.of(1, 1, -2),
  }

  it('are sorted by their norms over all layers, and have their own weights', () => {
    const found = byNorm([
      slices,
      { ...slices, layer: 3, channels: Int32Array.of(1), norms: Float64Array.of(3) },
    ])
    expect(found.map(({ layer, channel, rank }) => [layer, channel, rank])).toEqual([
      [2, 7, 1],
      [3, 1, 2],
      [2, 9, 3],
      [2, 4, 4],
    ])
    expect([...found[0]!.weights]).toEqual([-3, 4])
    expect(largestWeight(found)).toBe(4)
    expect(largestWeight([])).toBe(0)
  })

  it('have a mean over several units, in which one that is not read counts as 0', () => {
    const means = new MeanTerms()
    expect(means.of({ layer: 1, channel: 2 })).toBeNull()
    means.add([{ layer: 1, channel: 2, value: 3 }])
    means.add([{ layer: 1, channel: 4, value: -1 }])
    expect([means.count, means.of({ layer: 1, channel: 2 }), means.of({ layer: 1, channel: 4 })]).toEqual([
      2, 1.5, -0.5,
    ])
  })
})
