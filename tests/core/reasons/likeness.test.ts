import { expect, it } from 'vitest'
import { likeness } from '../../../src/core/reasons/likeness.ts'

const picture = (...values: number[]): Uint8ClampedArray =>
  Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, 255]))

it('is the mean correlation of all pairs, whatever brightness and contrast', () => {
  const [rising, brighter, falling] = [picture(0, 50, 100), picture(100, 125, 150), picture(90, 60, 30)]
  expect(likeness([rising, brighter])).toBeCloseTo(1, 12)
  expect(likeness([rising, falling])).toBeCloseTo(-1, 12)
  expect(likeness([rising, brighter, falling])).toBeCloseTo(-1 / 3, 12)
})

it('is 0 beside a picture of one colour, and unknown of a single picture', () => {
  expect(likeness([picture(0, 50, 100), picture(9, 9, 9)])).toBe(0)
  expect(likeness([picture(1, 2)])).toBeNull()
})
