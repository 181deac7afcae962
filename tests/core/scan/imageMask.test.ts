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
