import { describe, expect, it } from 'vitest'
import type { MapShape } from '../../../src/core/model/network.ts'
import { blurOf, blurred, boxInside, greyPixels, shuffled } from '../../../src/core/scan/disturb.ts'
import { seeded } from '../../fixtures/random.ts'

const shape: MapShape = [17, 22, 3]
const input = (() => {
  const random = seeded(4)
  return Float32Array.from({ length: 17 * 22 * 3 }, () => random.next() * 2 - 1)
})()
const at = (values: Float32Array, row: number, column: number, channel: number): number =>
  values[(row * 22 + column) * 3 + channel]!

describe('without colour', () => {
  it('a picture has Pillow’s grey three times, and its alpha', () => {
    const data = Uint8ClampedArray.of(255, 0, 0, 7, 0, 255, 0, 255, 10, 200, 30, 0)
    const { data: grey, ...size } = greyPixels({ data, width: 3, height: 1 })
    expect(size).toEqual({ width: 3, height: 1 })
    // ITU-R 601: L = 0.299 R + 0.587 G + 0.114 B, rounded.
    expect([...grey]).toEqual([76, 76, 76, 7, 150, 150, 150, 255, 124, 124, 124, 0])
  })
})

describe('without detail', () => {
  it.each([1, 2.5])(
    'an input is the sum over all pixels around, weighted by a Gaussian of %f pixels',
    (deviation) => {
      const found = blurred(input, shape, deviation)
      const reach = Math.ceil(3 * deviation)
      const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, value))
      for (let row = 0; row < 17; row += 4)
        for (let column = 0; column < 22; column += 3)
          for (const channel of [0, 1, 2]) {
            let [sum, weights] = [0, 0]
            for (let y = -reach; y <= reach; y++)
              for (let x = -reach; x <= reach; x++) {
                const weight = Math.exp(-(x * x + y * y) / (2 * deviation * deviation))
                weights += weight
                sum += weight * at(input, clamp(row + y, 17), clamp(column + x, 22), channel)
              }
            expect(Math.abs(at(found, row, column, channel) - sum / weights)).toBeLessThan(1e-6)
          }
    },
  )

  it('is a sixteenth of the shorter side, and a pixel at least', () => {
    expect(blurOf([0, 0, 64, 128])).toBe(4)
    expect(blurOf([3, 3, 8, 100])).toBe(1)
  })
})

describe('with blocks at other places', () => {
  const box = [2, 3, 15, 20] as const

  it('an input has the same blocks in another order, and all else as it was', () => {
    const found = shuffled(input, shape, box, 5)!
    // 13 rows and 17 columns: blocks of 3×4, one row and one column left over.
    const blockAt = (values: Float32Array, block: number): string => {
      const [top, left] = [2 + 3 * Math.floor(block / 4), 3 + 4 * (block % 4)]
      const cells = Array.from({ length: 12 }, (_, i) =>
        [0, 1, 2].map((c) => at(values, top + Math.floor(i / 4), left + (i % 4), c)),
      )
      return cells.flat().join()
    }
    const all = [...Array(16).keys()]
    const [before, after] = [input, found].map((values) => all.map((block) => blockAt(values, block)))
    expect(after).not.toEqual(before)
    expect(after!.toSorted()).toEqual(before!.toSorted())
    for (let row = 0; row < 17; row++)
      for (let column = 0; column < 22; column++)
        if (row < 2 || row >= 14 || column < 3 || column >= 19)
          expect(at(found, row, column, 1)).toBe(at(input, row, column, 1))
  })

  it('is the same for the same seed, and another one for another', () => {
    expect(shuffled(input, shape, box, 5)).toEqual(shuffled(input, shape, box, 5))
    expect(shuffled(input, shape, box, 5)).not.toEqual(shuffled(input, shape, box, 6))
  })

  it('is none of a box that is too small', () => {
    expect(shuffled(input, shape, [0, 0, 3, 9], 1)).toBe(null)
    expect(boxInside([-3, 2, 40, 99], shape)).toEqual([0, 2, 17, 22])
  })
})
