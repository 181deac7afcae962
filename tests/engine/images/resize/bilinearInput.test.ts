/** The fast way to the input gives the very numbers of the slow one, which is compared with TensorFlow's. */
import { describe, expect, it } from 'vitest'
import { preprocessingSettings } from '../../../../src/core/preprocessing/settings.ts'
import { writeInput } from '../../../../src/core/preprocessing/toInput.ts'
import { withSettings } from '../../../../src/core/preprocessing/withSettings.ts'
import { writeBilinear } from '../../../../src/engine/images/resize/bilinearInput.ts'
import { seeded } from '../../../fixtures/random.ts'

const random = seeded(3)

function picture(width: number, height: number) {
  const data = Uint8Array.from({ length: width * height * 4 }, () => random.int(0, 255))
  return { data, width, height }
}

type Settings = Parameters<typeof withSettings>[0]

const usual: readonly (readonly [string, Settings])[] = [
  ['the usual settings', {}],
  ['mean and deviation', { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }],
  ['a shift', { scale: '-1..1' }],
  ['blue first', { channels: 'bgr', scale: '0..255', mean: [103.939, 116.779, 123.68] }],
  ['a deviation alone', { scale: '0..255', std: [3, 5, 7] }],
  ['a cut', { fit: 'crop' }],
  ['a resize and a cut', { fit: 'resize-crop' }],
]

const margin = 5

/** What both ways write, with numbers around it that must stay. Null if it must be resized in another way. */
function both(
  pixels: ReturnType<typeof picture>,
  shape: readonly [number, number, number],
  settings: Settings,
): { fast: Float32Array; slow: Float32Array } | null {
  const memory = (): Float32Array => new Float32Array(shape[0] * shape[1] * shape[2] + 2 * margin).fill(7)
  const [fast, slow] = [memory(), memory()]
  const preprocessing = withSettings(settings)
  if (!writeBilinear(pixels, shape, preprocessing, fast, margin)) {
    expect(fast).toEqual(memory())
    return null
  }
  writeInput(pixels, shape, preprocessing, slow, margin)
  return { fast, slow }
}

/** The first place at which two arrays differ, in their bits; -1 if they do not. */
function difference(one: Float32Array, other: Float32Array): number {
  const [a, b] = [one, other].map((array) => new Uint32Array(array.buffer))
  return a!.findIndex((bits, i) => bits !== b![i])
}

describe('writeBilinear', () => {
  it.each(usual)('gives the same numbers to the bit: %s', (_, settings) => {
    for (const [width, height] of [
      [96, 96],
      [80, 96],
      [250, 187],
      [1, 2],
      [3, 700],
      [500, 2],
    ] as const)
      for (const shape of [[64, 64, 3] as const, [17, 90, 3] as const, [1, 1, 3] as const]) {
        const found = both(picture(width, height), shape, settings)
        expect(found).not.toBeNull()
        expect(difference(found!.fast, found!.slow), `${width}×${height} → ${shape}`).toBe(-1)
      }
  })

  it('gives the same numbers of pictures in turn, larger and smaller', () => {
    for (const side of [40, 3000, 7, 400, 40]) {
      const { fast, slow } = both(picture(side, 9), [20, 30, 3], {})!
      expect(difference(fast, slow)).toBe(-1)
    }
  })

  it('spreads a single pixel over the input', () => {
    const { fast, slow } = both(picture(1, 1), [5, 6, 3], {})!
    expect(difference(fast, slow)).toBe(-1)
  })

  it.each<[string, readonly [number, number, number], Settings]>([
    ['its size is that of the input', [30, 40, 3], {}],
    ['the network takes grey', [20, 20, 1], {}],
    ['the network takes grey three times', [20, 20, 3], { channels: 'grey' }],
    ['the network takes alpha', [20, 20, 4], {}],
    ['it does not cover the input', [40, 30, 3], { fit: 'pad' }],
    ...preprocessingSettings.resize.choices
      .map(({ value }) => value)
      .filter((resize) => resize !== 'bilinear')
      .map((resize): [string, readonly [number, number, number], Settings] => [
        `it is resized by ${resize}`,
        [20, 20, 3],
        { resize },
      ]),
  ])('leaves a picture alone if %s', (_, shape, settings) => {
    expect(both(picture(40, 30), shape, settings)).toBeNull()
  })
})
