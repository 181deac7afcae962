import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/core/errors.ts'
import {
  notebookPreprocessing,
  preprocessingChoices,
  scaleValue,
  withSettings,
} from '../../../src/core/images/preprocessing.ts'
import { type Pixels, writeInput } from '../../../src/core/images/toInput.ts'
import { resizeBilinear, resizeNearest } from '../../../src/core/images/resize.ts'

describe('settings', () => {
  it("are the notebook's by default, which are also the first of all choices", () => {
    expect(withSettings({})).toEqual({ resize: 'bilinear', scale: '0..1', fit: 'stretch', alpha: 'drop' })
    const first = Object.entries(preprocessingChoices).map(([name, choices]) => [name, choices[0]])
    expect(Object.fromEntries(first)).toEqual(notebookPreprocessing)
  })

  it('replace the default one by one', () => {
    expect(withSettings({ scale: '-1..1' })).toEqual({ ...notebookPreprocessing, scale: '-1..1' })
    expect(withSettings({ resize: 'nearest', scale: '0..255', fit: 'stretch', alpha: 'drop' })).toEqual({
      resize: 'nearest',
      scale: '0..255',
      fit: 'stretch',
      alpha: 'drop',
    })
  })

  it.each([
    [{ resize: 'bicubic' }, 'The setting resize=bicubic does not exist. Allowed: bilinear, nearest.'],
    [{ colour: 'grey' }, 'The setting colour=grey does not exist. Allowed: resize, scale, fit, alpha.'],
    [{ scale: 255 }, 'The setting scale=255 does not exist. Allowed: 0..1, -1..1, 0..255.'],
    [{ scale: '0..1', alpha: undefined }, 'The setting alpha=undefined does not exist. Allowed: drop.'],
    [{ constructor: '1' }, 'The setting constructor=1 does not exist. Allowed: resize, scale, fit, alpha.'],
  ])('%j is refused with what is allowed', (settings, sentence) => {
    const attempt = (): unknown => withSettings(settings as Record<string, unknown>)
    expect(attempt).toThrow(AppError)
    expect(attempt).toThrow(expect.objectContaining({ code: 'setting/unknown', message: sentence }))
  })
})

describe('scaling', () => {
  it('divides by 255 as float32 does', () => {
    for (let byte = 0; byte <= 255; byte++)
      expect(Math.fround(scaleValue(byte, '0..1'))).toBe(Math.fround(Math.fround(byte) / Math.fround(255)))
  })

  it('maps 0…255 to -1…1 with the rounding of two float32 steps', () => {
    expect([0, 127.5, 255].map((value) => scaleValue(value, '-1..1'))).toEqual([-1, 0, 1])
    for (let byte = 0; byte <= 255; byte++) {
      const [quotient] = Float32Array.of(byte / 127.5)
      expect(Math.fround(scaleValue(byte, '-1..1'))).toBe(Math.fround(quotient! - 1))
    }
  })

  it('leaves 0…255 as it is', () => {
    expect([0, 77.25, 255].map((value) => scaleValue(value, '0..255'))).toEqual([0, 77.25, 255])
  })
})

describe('a picture in a batch', () => {
  const picture: Pixels = {
    data: Uint8ClampedArray.from([255, 0, 51, 0, 0, 255, 102, 9, 10, 20, 30, 255, 40, 50, 60, 128]),
    height: 2,
    width: 2,
  }
  const raw = { ...notebookPreprocessing, scale: '0..255' } as const

  it('is written at its offset and nowhere else', () => {
    const target = new Float32Array(20).fill(-7)
    writeInput(picture, [2, 2, 3], raw, target, 4)
    expect([...target.subarray(4, 16)]).toEqual([255, 0, 51, 0, 255, 102, 10, 20, 30, 40, 50, 60])
    expect([...target.subarray(0, 4), ...target.subarray(16)]).toEqual(Array.from({ length: 8 }, () => -7))
  })

  it('of the right size is the same as a resized one, for every scale', () => {
    for (const scale of preprocessingChoices.scale) {
      const target = new Float32Array(12)
      writeInput(picture, [2, 2, 3], { ...notebookPreprocessing, scale }, target, 0)
      expect([...target]).toEqual(
        [...resizeBilinear(picture.data, 2, 2, 2, 2)].map((v) => Math.fround(scaleValue(v, scale))),
      )
    }
  })

  it('of another size is resized as the setting says, then scaled', () => {
    const shape = [3, 5, 3] as const
    const size = 45
    for (const [name, resize] of [
      ['bilinear', resizeBilinear],
      ['nearest', resizeNearest],
    ] as const) {
      const target = new Float32Array(size)
      writeInput(picture, shape, { ...notebookPreprocessing, resize: name }, target, 0)
      expect([...target]).toEqual([...resize(picture.data, 2, 2, 3, 5)].map((v) => Math.fround(v / 255)))
    }
  })

  it('keeps its alpha as the fourth channel where the model has four, also when it is resized', () => {
    const target = new Float32Array(16)
    writeInput(picture, [2, 2, 4], raw, target, 0)
    expect([...target]).toEqual([...picture.data])
    for (const [name, resize] of [
      ['bilinear', resizeBilinear],
      ['nearest', resizeNearest],
    ] as const) {
      const large = new Float32Array(60)
      writeInput(picture, [3, 5, 4], { ...raw, resize: name }, large, 0)
      const colours = resize(picture.data, 2, 2, 3, 5)
      expect([...large].filter((_, i) => i % 4 !== 3)).toEqual([...colours])
      // Alpha in the place of red is resized in the same way.
      const alphas = Uint8ClampedArray.from(picture.data, (_, i) => picture.data[i | 3]!)
      const expected = [...resize(alphas, 2, 2, 3, 5)].filter((_, i) => i % 3 === 0)
      expect([...large].filter((_, i) => i % 4 === 3)).toEqual(expected)
    }
  })

  it("is grey where the model has one channel, with TensorFlow's weights", () => {
    const target = new Float32Array(4)
    writeInput(picture, [2, 2, 1], raw, target, 0)
    const expected = [
      255 * 0.2989 + 51 * 0.114,
      255 * 0.587 + 102 * 0.114,
      10 * 0.2989 + 20 * 0.587 + 30 * 0.114,
    ]
    expected.push(40 * 0.2989 + 50 * 0.587 + 60 * 0.114)
    for (const [i, value] of expected.entries()) expect(target[i]).toBeCloseTo(value, 4)
  })
})
