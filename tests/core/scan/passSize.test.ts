import { describe, expect, it } from 'vitest'
import { sizeForTime, sizeWithin } from '../../../src/core/scan/passSize.ts'

describe('sizeWithin', () => {
  it('is the largest power of two that budget and limit allow', () => {
    expect(sizeWithin(100, 10, 64)).toBe(8)
    expect(sizeWithin(80, 10, 64)).toBe(8)
    expect(sizeWithin(79, 10, 64)).toBe(4)
    expect(sizeWithin(1e9, 10, 64)).toBe(64)
    expect(sizeWithin(1e9, 10, 63)).toBe(32)
  })

  it('is one where not even that is allowed, as it is tried all the same', () => {
    expect(sizeWithin(5, 10, 64)).toBe(1)
    expect(sizeWithin(5, 10, 1)).toBe(1)
  })
})

describe('sizeForTime', () => {
  it('scales a measured pass', () => {
    expect(sizeForTime(100, 4, 10, 64)).toBe(32)
    expect(sizeForTime(100, 4, 500, 64)).toBe(1)
    expect(sizeForTime(100, 4, 0, 64)).toBe(64)
  })
})
