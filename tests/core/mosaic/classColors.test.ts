import { describe, expect, it } from 'vitest'
import { classColor, classStrip } from '../../../src/core/mosaic/classColors.ts'

describe('the colours of classes', () => {
  it('are all different, however many classes there are', () => {
    const colors = Array.from({ length: 200 }, (_, classNumber) => classColor(classNumber))
    expect(new Set(colors).size).toBe(200)
  })

  it('stand side by side, most patches first, as wide as their shares', () => {
    const counts = new Map([
      [3, 4],
      [1, 8],
      [2, 4],
    ])
    expect(classStrip(counts, 16)).toBe(
      `linear-gradient(90deg, ${classColor(1)} 0% 50%, ${classColor(2)} 50% 75%, ${classColor(3)} 75% 100%)`,
    )
  })

  it('leave room for patches of no class', () => {
    expect(classStrip(new Map([[0, 1]]), 3)).toMatch(/ 0% 33\.33%, #9a9a94 33\.33% 100%\)$/)
  })
})
