import { expect, it } from 'vitest'
import {
  attributionEnd,
  attributionPixels,
  exciting,
  inhibiting,
} from '../../../src/core/reasons/attributionColours.ts'
import { correlate } from '../../../src/core/correlate.ts'

it('red excites, blue inhibits, and what counts nothing is transparent', () => {
  const pixels = attributionPixels([1, -0.5, 0, Number.NaN, 3], 2)
  expect([...pixels.subarray(0, 4)]).toEqual([...exciting, 128])
  expect([...pixels.subarray(4, 8)]).toEqual([...inhibiting, 64])
  expect(pixels[11]).toBe(0)
  expect(pixels[15]).toBe(0)
  expect(pixels[19]).toBe(255)
  expect(attributionPixels([0, 0], 0)).toEqual(new Uint8ClampedArray(8))
})

it('the scale ends at the size that one number in a hundred exceeds', () => {
  const values = Array.from({ length: 201 }, (_, i) => (i % 2 === 0 ? i : -i))
  expect(attributionEnd([...values, Infinity, Number.NaN])).toBe(198)
  expect(attributionEnd([0, 0, Number.NaN])).toBe(0)
  expect(attributionEnd([-0.25])).toBe(0.25)
})

it('the likeness of maps is their correlation', () => {
  expect(correlate([1, 2, 3], [2, 4, 6])).toBeCloseTo(1, 12)
  expect(correlate([1, 2, 3], [1, -2, 1])).toBeCloseTo(0, 12)
  expect(correlate([1, 2, 3, 4], [-1, -3, -2, -4])).toBeCloseTo(-0.8, 12)
  expect(correlate([1, 1], [1, 2])).toBeNull()
  expect(correlate([1, Number.NaN], [1, 2])).toBeNull()
})
