import { describe, expect, it } from 'vitest'
import { stretchBilinear, stretchNearest } from './stretched.ts'
import { seeded } from '../../fixtures/random.ts'

/** A picture of grey pixels: three equal channels, and an alpha that must not matter. */
function grey(values: readonly number[], alpha = 255): Uint8ClampedArray {
  return Uint8ClampedArray.from(values.flatMap((value) => [value, value, value, alpha]))
}

/** The first channel. */
function firstOf(rgb: Float32Array): number[] {
  return [...rgb].filter((_, i) => i % 3 === 0)
}

function randomPicture(seed: number, height: number, width: number): Uint8ClampedArray {
  const random = seeded(seed)
  return Uint8ClampedArray.from({ length: height * width * 4 }, () => random.int(0, 255))
}

describe('bilinear', () => {
  it('doubles a row with half-pixel centres: quarters and three quarters', () => {
    expect(firstOf(stretchBilinear(grey([0, 100]), 1, 2, 1, 4))).toEqual([0, 25, 75, 100])
  })

  it('doubles a column in the same way', () => {
    expect(firstOf(stretchBilinear(grey([0, 100]), 2, 1, 4, 1))).toEqual([0, 25, 75, 100])
  })

  it('halves a row by the mean of two pixels, without antialias', () => {
    expect(firstOf(stretchBilinear(grey([0, 10, 20, 30]), 1, 4, 1, 2))).toEqual([5, 25])
    // At a quarter of the size, each pixel comes from the middle two of four.
    expect(firstOf(stretchBilinear(grey([9, 1, 3, 9]), 1, 4, 1, 1))).toEqual([2])
  })

  it('takes the middle pixel where a third of the size is asked for', () => {
    expect(firstOf(stretchBilinear(grey([9, 1, 9, 9, 5, 9]), 1, 6, 1, 2))).toEqual([1, 5])
  })

  it('mixes rows and columns', () => {
    // Each output pixel lies a quarter of a pixel from the nearest corner pixel.
    const found = firstOf(stretchBilinear(grey([0, 40, 80, 160]), 2, 2, 4, 4))
    expect(found).toEqual([0, 10, 30, 40, 20, 32.5, 57.5, 70, 60, 77.5, 112.5, 130, 80, 100, 140, 160])
  })

  it('is the textbook formula on random pictures, up to the rounding of float32', () => {
    for (const [seed, [height, width, toHeight, toWidth]] of (
      [
        [7, 5, 12, 9],
        [30, 40, 9, 11],
        [3, 3, 17, 2],
      ] as const
    ).entries()) {
      const picture = randomPicture(seed, height, width)
      const pixel = (y: number, x: number, c: number): number =>
        picture[(Math.min(Math.max(y, 0), height - 1) * width + Math.min(Math.max(x, 0), width - 1)) * 4 + c]!
      const found = stretchBilinear(picture, height, width, toHeight, toWidth)
      for (let i = 0; i < found.length; i++) {
        const c = i % 3
        const y = ((Math.floor(i / 3 / toWidth) + 0.5) * height) / toHeight - 0.5
        const x = (((Math.floor(i / 3) % toWidth) + 0.5) * width) / toWidth - 0.5
        const [y0, x0] = [Math.floor(y), Math.floor(x)]
        const mix = (row: number): number =>
          pixel(row, x0, c) * (1 - (x - x0)) + pixel(row, x0 + 1, c) * (x - x0)
        expect(found[i]).toBeCloseTo(mix(y0) * (1 - (y - y0)) + mix(y0 + 1) * (y - y0), 2)
      }
    }
  })
})

describe('nearest', () => {
  it('takes the pixel whose area holds the centre', () => {
    expect(firstOf(stretchNearest(grey([1, 2, 3, 4, 5]), 1, 5, 1, 2))).toEqual([2, 4])
    expect(firstOf(stretchNearest(grey([1, 2]), 1, 2, 1, 5))).toEqual([1, 1, 2, 2, 2])
    expect(firstOf(stretchNearest(grey([1, 2, 3, 4]), 4, 1, 2, 1))).toEqual([2, 4])
  })

  it('keeps channels apart', () => {
    const picture = Uint8ClampedArray.of(1, 2, 3, 255, 4, 5, 6, 255)
    expect([...stretchNearest(picture, 1, 2, 1, 4)]).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6])
  })
})

describe.each([
  ['bilinear', stretchBilinear],
  ['nearest', stretchNearest],
])('%s', (_, resize) => {
  it('gives back the same pixels at the same size', () => {
    for (const [height, width] of [
      [1, 1],
      [5, 7],
      [96, 96],
      [33, 21],
    ] as const) {
      const picture = randomPicture(height, height, width)
      expect([...resize(picture, height, width, height, width)]).toEqual(
        [...picture].filter((__, i) => i % 4 !== 3),
      )
    }
  })

  it('never looks at alpha', () => {
    const values = Array.from({ length: 12 }, (__, i) => i * 20)
    expect(resize(grey(values, 0), 3, 4, 5, 7)).toEqual(resize(grey(values, 255), 3, 4, 5, 7))
  })

  it('stays between the smallest and the largest pixel at any size', () => {
    const picture = grey([10, 200, 30, 90, 250, 60])
    for (let size = 1; size < 40; size++) {
      const found = firstOf(resize(picture, 2, 3, size, 41 - size))
      expect(found).toHaveLength(size * (41 - size))
      expect(Math.min(...found)).toBeGreaterThanOrEqual(10)
      expect(Math.max(...found)).toBeLessThanOrEqual(250)
    }
  })
})
