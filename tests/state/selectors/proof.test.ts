import { describe, expect, it } from 'vitest'
import { agrees } from '../../../src/state/selectors/proof.ts'

describe('the verdict', () => {
  it.each([
    [{ before: 2, after: 2 + 1e-6, scale: 2 }, true],
    [{ before: 2, after: 2.001, scale: 2 }, false],
    // Small beside the channel's other units: what is left of the sum's rounding.
    [{ before: 0, after: 5e-5, scale: 1 }, true],
    [{ before: 0, after: 0, scale: 0 }, true],
    [{ before: 0, after: 1e-9, scale: 0 }, false],
    [{ before: Number.NaN, after: Number.NaN, scale: 1 }, false],
  ])('%o: %s', (outcome, same) => {
    expect(agrees(outcome)).toBe(same)
  })
})
