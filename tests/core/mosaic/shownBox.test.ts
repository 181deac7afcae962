import { describe, expect, it } from 'vitest'
import type { Box, ReceptiveField } from '../../../src/core/model/receptiveField.ts'
import { boxToEdge, isWideField } from '../../../src/core/mosaic/shownBox.ts'

function field(rows: number, columns: number, whole = false): ReceptiveField {
  return { size: [rows, columns], stride: [16, 16], start: [0, 0], whole, globalContext: false }
}

describe('a field', () => {
  it('is wide from more than half of the image on, in either direction', () => {
    expect(isWideField(field(112, 112), [224, 224])).toBe(false)
    expect(isWideField(field(113, 3), [224, 224])).toBe(true)
    expect(isWideField(field(3, 113), [224, 224])).toBe(true)
    expect(isWideField(field(203, 203), [224, 224])).toBe(true)
  })

  it('of the whole image hangs over no edge, and of none there is nothing to say', () => {
    expect(isWideField(field(224, 224, true), [224, 224])).toBe(false)
    expect(isWideField(null, [224, 224])).toBe(false)
    expect(isWideField(undefined, [224, 224])).toBe(false)
  })
})

describe('a patch to the edge', () => {
  it.each<[string, Box, Box]>([
    ['within the image is what the unit sees', [10, 20, 213, 223], [10, 20, 213, 223]],
    ['in a corner is the part in the image', [-101, -101, 102, 102], [0, 0, 102, 102]],
    ['at the right edge is a square at the height of its middle', [10, 122, 213, 325], [60, 122, 162, 224]],
    ['at the top is a square at the column of its middle', [-101, 11, 102, 214], [0, 61, 102, 163]],
    ['of a field larger than the image is the image', [-100, -90, 327, 337], [0, 0, 224, 224]],
    ['wholly outside stays as it is', [-300, 0, -97, 203], [-300, 0, -97, 203]],
  ])('%s', (_, box, expected) => {
    expect(boxToEdge(box, [224, 224])).toEqual(expected)
  })

  it('is a square within box and image, as large as can be, wherever the unit is', () => {
    for (let row = -1; row < 15; row++)
      for (let column = -1; column < 15; column++) {
        const box: Box = [row * 16 - 101, column * 16 - 101, row * 16 + 102, column * 16 + 102]
        const [top, left, bottom, right] = boxToEdge(box, [224, 192])
        expect(bottom - top).toBe(right - left)
        const rows = Math.min(224, box[2]) - Math.max(0, box[0])
        const columns = Math.min(192, box[3]) - Math.max(0, box[1])
        expect(bottom - top).toBe(Math.min(rows, columns))
        expect(Math.min(top - Math.max(0, box[0]), left - Math.max(0, box[1]))).toBeGreaterThanOrEqual(0)
        expect(
          Math.min(Math.min(224, box[2]) - bottom, Math.min(192, box[3]) - right),
        ).toBeGreaterThanOrEqual(0)
      }
  })
})
