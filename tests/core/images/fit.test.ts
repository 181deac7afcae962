import { expect, it } from 'vitest'
import { clipRect, sourceRect } from '../../../src/core/images/fit.ts'
import type { Box } from '../../../src/core/model/receptiveField.ts'
import { stretched } from '../../fixtures/framing.ts'
import { seeded } from '../../fixtures/random.ts'

it('the whole input comes from the whole picture', () => {
  expect(sourceRect([0, 0, 96, 64], stretched([96, 64, 3]), { width: 200, height: 50 })).toEqual({
    left: 0,
    top: 0,
    width: 200,
    height: 50,
  })
})

it('a box of the input is stretched by rows and by columns on their own', () => {
  expect(sourceRect([24, 14, 44, 34], stretched([96, 56, 3]), { width: 112, height: 48 })).toEqual({
    left: 28,
    top: 12,
    width: 40,
    height: 10,
  })
})

it('a box that hangs over the edge stays where it is', () => {
  expect(sourceRect([-2, -3, 4, 5], stretched([10, 10, 3]), { width: 20, height: 10 })).toEqual({
    left: -6,
    top: -2,
    width: 16,
    height: 6,
  })
})

it('a clipped rectangle is the part that lies in the picture', () => {
  const picture = { width: 7, height: 5 }
  const random = seeded(11)
  for (let n = 0; n < 300; n++) {
    const rect = {
      left: random.int(-5, 9),
      top: random.int(-5, 9),
      width: random.int(0, 12),
      height: random.int(0, 12),
    }
    const clipped = clipRect(rect, picture)
    let pixels = 0
    for (let y = 0; y < picture.height; y++)
      for (let x = 0; x < picture.width; x++) {
        const inRect =
          x >= rect.left && x < rect.left + rect.width && y >= rect.top && y < rect.top + rect.height
        const inClipped =
          x >= clipped.left &&
          x < clipped.left + clipped.width &&
          y >= clipped.top &&
          y < clipped.top + clipped.height
        expect(inClipped).toBe(inRect)
        if (inRect) pixels++
      }
    expect(clipped.width * clipped.height).toBe(pixels)
  }
})

it('a rectangle in the picture is not changed by clipping', () => {
  const box: Box = [2, 3, 6, 9]
  const rect = sourceRect(box, stretched([10, 10, 3]), { width: 30, height: 20 })
  expect(clipRect(rect, { width: 30, height: 20 })).toEqual(rect)
})
