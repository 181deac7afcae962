import { describe, expect, it } from 'vitest'
import {
  clipRect,
  type Framing,
  framing,
  inputPoint,
  placement,
  seenRect,
  sourceRect,
} from '../../../src/core/preprocessing/fit.ts'
import { preprocessingSettings } from '../../../src/core/preprocessing/settings.ts'
import { writeInput } from '../../../src/core/preprocessing/toInput.ts'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'
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

function framed(inputShape: readonly [number, number, number], settings: Record<string, unknown>): Framing {
  return framing(inputShape, withSettings(settings))
}

describe('the part that the network sees', () => {
  const wide = { width: 500, height: 375 }

  it('is the whole picture where it is stretched or padded', () => {
    for (const fit of ['stretch', 'pad'])
      expect(seenRect(framed([224, 224, 3], { fit }), wide)).toEqual({ left: 0, top: 0, ...wide })
  })

  it('is the middle square where it is cropped, the odd pixel left out on the far side', () => {
    expect(seenRect(framed([224, 224, 3], { fit: 'crop' }), wide)).toEqual({
      left: 62,
      top: 0,
      width: 375,
      height: 375,
    })
  })

  it('has the aspect ratio of the input', () => {
    expect(seenRect(framed([100, 300, 3], { fit: 'crop' }), wide)).toEqual({
      left: 0,
      top: 104,
      width: 500,
      height: 166,
    })
  })

  it('is 224 of 256 of the shorter side where it is resized, then cropped', () => {
    const framing224 = framed([224, 224, 3], { fit: 'resize-crop', cropFraction: 0.875 })
    // 500×375 becomes 341×256. The crop begins after 58 and 16 pixels of that (58.5 is rounded to the even number).
    expect(placement(framing224, wide)).toMatchObject({
      x: { resized: 341, offset: -58 },
      y: { resized: 256, offset: -16 },
    })
    const { left, top, width, height } = seenRect(framing224, wide)
    expect(left).toBeCloseTo((58 * 500) / 341, 10)
    expect(width).toBeCloseTo((224 * 500) / 341, 10)
    expect(top).toBeCloseTo((16 * 375) / 256, 10)
    expect(height).toBeCloseTo((224 * 375) / 256, 10)
  })

  it('means the very size of which a fraction of four digits was made', () => {
    for (const [size, larger] of [
      [224, 232],
      [299, 342],
      [300, 320],
      [384, 384],
    ] as const) {
      const cropFraction = (size / larger).toFixed(4)
      const { x, y } = placement(framed([size, size, 3], { fit: 'resize-crop', cropFraction }), wide)
      expect([Math.min(x.resized, y.resized), size]).toEqual([larger, size])
    }
  })

  it('covers an input that is not square', () => {
    const tall = framed([200, 100, 3], { fit: 'resize-crop', cropFraction: 0.5 })
    expect(placement(tall, { width: 300, height: 300 })).toMatchObject({
      x: { resized: 400, offset: -150 },
      y: { resized: 400, offset: -100 },
    })
  })
})

it('black borders come from beside the picture', () => {
  const frame = framed([100, 100, 3], { fit: 'pad' })
  // 50×25 becomes 100×50, between 25 black rows above and below.
  expect(sourceRect([0, 0, 25, 100], frame, { width: 50, height: 25 })).toEqual({
    left: 0,
    top: -12.5,
    width: 50,
    height: 12.5,
  })
})

it('a side that pads to less than a pixel stays one pixel', () => {
  const { y } = placement(framed([8, 8, 3], { fit: 'pad' }), { width: 101, height: 1 })
  expect(y).toMatchObject({ resized: 1, offset: 3 })
})

describe.each(preprocessingSettings.fit.choices.map(({ value }) => value))('fit %s', (fit) => {
  /** In this picture red counts columns, green counts rows, and blue is always on. */
  function positions(width: number, height: number): Uint8ClampedArray {
    const data = new Uint8ClampedArray(width * height * 4)
    for (let i = 0, y = 0; y < height; y++)
      for (let x = 0; x < width; x++, i += 4) data.set([x, y, 255, 255], i)
    return data
  }

  it('takes each pixel of the input from where its box is said to come from', () => {
    const random = seeded(fit.length)
    for (let n = 0; n < 80; n++) {
      const width = random.int(1, 256)
      const height = random.int(1, 256)
      const shape = [random.int(1, 40), random.int(1, 40), 3] as const
      const cropFraction = random.pick([1, 0.875, 0.5, 0.31])
      const preprocessing = withSettings({ fit, cropFraction, resize: 'nearest', scale: '0..255' })
      const target = new Float32Array(shape[0] * shape[1] * 3)
      writeInput({ data: positions(width, height), width, height }, shape, preprocessing, target, 0)
      const frame = framing(shape, preprocessing)
      let off = 0
      let wayBack = 0
      let emptyInside = false
      for (let i = 0; i < shape[0] * shape[1]; i++) {
        const y = Math.floor(i / shape[1])
        const x = i % shape[1]
        const rect = sourceRect([y, x, y + 1, x + 1], frame, { width, height })
        // Blue is always on where there is a picture, and grey in a letterbox.
        const [column, row, blue] = target.subarray(i * 3)
        const there = blue === 255
        const [atX, atY] = [rect.left + rect.width / 2, rect.top + rect.height / 2]
        const back = inputPoint({ left: atX, top: atY }, frame, { width, height })
        wayBack = Math.max(wayBack, Math.abs(back[0] - y - 0.5), Math.abs(back[1] - x - 0.5))
        const inside = atX >= 0 && atX < width && atY >= 0 && atY < height
        if (!there) emptyInside ||= inside
        // The centre of the box lies in the pixel, or on its border.
        else off = Math.max(off, Math.abs(atX - column! - 0.5), Math.abs(atY - row! - 0.5))
      }
      expect(off).toBeLessThanOrEqual(0.5 + 1e-6)
      expect(wayBack).toBeLessThan(1e-9)
      expect(emptyInside).toBe(false)
    }
  })

  it('leaves no pixel of the input to none, but for the borders of a padded picture', () => {
    const random = seeded(3)
    for (let n = 0; n < 500; n++) {
      const picture = { width: random.int(1, 5000), height: random.int(1, 5000) }
      const frame = framed([random.int(1, 400), random.int(1, 400), 3], {
        fit,
        cropFraction: random.pick([1, 0.9, 0.7]),
      })
      const { x, y } = placement(frame, picture)
      for (const { size, start, length, resized, offset, inputSize } of [x, y]) {
        expect(length).toBeGreaterThan(0)
        expect(start).toBeGreaterThanOrEqual(0)
        expect(start + length).toBeLessThanOrEqual(size)
        if (fit === 'pad' || fit === 'letterbox') {
          expect(offset).toBeGreaterThanOrEqual(0)
          expect(offset + resized).toBeLessThanOrEqual(inputSize)
          expect(Math.abs(inputSize - resized - 2 * offset)).toBeLessThanOrEqual(2)
        } else {
          expect(offset).toBeLessThanOrEqual(0)
          expect(offset + resized).toBeGreaterThanOrEqual(inputSize)
        }
      }
    }
  })

  it('finds boxes beside each other beside each other, and the whole of them in the whole', () => {
    const picture = { width: 333, height: 77 }
    const frame = framed([40, 60, 3], { fit, cropFraction: 0.8 })
    const [left, right, both] = (
      [
        [5, 3, 20, 17],
        [5, 17, 20, 44],
        [5, 3, 20, 44],
      ] as const
    ).map((box) => sourceRect(box, frame, picture))
    expect(left!.left + left!.width).toBeCloseTo(right!.left, 9)
    expect(left!.width + right!.width).toBeCloseTo(both!.width, 9)
    expect([both!.top, both!.height]).toEqual([left!.top, left!.height])
  })
})
