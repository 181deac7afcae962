import { expect, it } from 'vitest'
import { ImageMask } from '../../../src/core/scan/imageMask.ts'
import { seeded } from '../../fixtures/random.ts'

it('knows what has been added, and counts each image once', () => {
  const random = seeded(3)
  const mask = new ImageMask(1000)
  const known = new Set<number>()
  for (let i = 0; i < 2000; i++) {
    const image = random.int(0, 999)
    mask.add(image)
    known.add(image)
  }
  expect(mask.count).toBe(known.size)
  for (let image = 0; image < 1000; image++) expect(mask.has(image)).toBe(known.has(image))
})

it('holds the last image of a number that 32 does not divide', () => {
  const mask = new ImageMask(33)
  mask.add(32)
  mask.add(31)
  expect([mask.has(30), mask.has(31), mask.has(32), mask.count]).toEqual([false, true, true, 2])
})

it('is stored as a copy, and restored', () => {
  const mask = new ImageMask(70)
  for (const image of [0, 31, 32, 69]) mask.add(image)
  const stored = mask.snapshot()
  mask.add(5)
  const again = new ImageMask(70)
  again.restore(stored)
  expect([again.count, again.has(31), again.has(5), again.has(69)]).toEqual([4, true, false, true])
  expect(() => new ImageMask(10).restore(stored)).toThrow(RangeError)
})
