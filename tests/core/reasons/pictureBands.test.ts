import { expect, it } from 'vitest'
import type { MapShape } from '../../../src/core/model/network.ts'
import { notebookPreprocessing, type Preprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { writeInput } from '../../../src/core/preprocessing/toInput.ts'
import { pictureBands, plainSettings } from '../../../src/core/reasons/pictureBands.ts'

const [height, width] = [3, 4]
const pixels = {
  height,
  width,
  isStoredGrey: false,
  data: Uint8ClampedArray.from({ length: height * width * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : (i * 37) % 256,
  ),
}

function inputOf(
  channels: number,
  preprocessing: Preprocessing,
  picture: typeof pixels = pixels,
): Float32Array {
  const input = new Float32Array(height * width * channels)
  writeInput(picture, [height, width, channels], preprocessing, input, 0)
  return input
}

it.each<[string, number, Partial<Preprocessing>]>([
  ['red, green, blue', 3, {}],
  ['blue, green, red with means', 3, { channels: 'bgr', scale: '0..255', mean: [103.9, 116.8, 123.7] }],
  ['with deviations', 3, { scale: '0..1', mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }],
  ['with alpha', 4, { scale: '-1..1' }],
])('mix the input of a picture as the preprocessing does: %s', (_, channels, change) => {
  const preprocessing = { ...notebookPreprocessing, ...change }
  const shape: MapShape = [height, width, channels]
  const { bands, mix, offset } = pictureBands(shape, preprocessing)
  expect(bands).toBe(3)
  const expected = inputOf(channels, preprocessing)
  const plain = inputOf(channels, plainSettings(shape, preprocessing))
  for (let p = 0; p < height * width; p++)
    for (let c = 0; c < channels; c++) {
      let value = offset[c]!
      for (let b = 0; b < bands; b++) {
        // The plain input is the picture itself.
        expect(plain[p * channels + b]).toBe(pixels.data[4 * p + b])
        value += plain[p * channels + b]! * mix[b * channels + c]!
      }
      expect(Math.abs(value - expected[p * channels + c]!)).toBeLessThan(1e-4)
    }
})

it.each<[number, Partial<Preprocessing>]>([
  [1, { scale: '-1..1' }],
  [3, { channels: 'grey', std: [0.5] }],
])('are one for grey: %i channels', (channels, change) => {
  const preprocessing: Preprocessing = { ...notebookPreprocessing, ...change, grey: 'pillow' }
  const shape: MapShape = [height, width, channels]
  const { bands, mix, offset } = pictureBands(shape, preprocessing)
  expect(bands).toBe(1)
  const grey = {
    ...pixels,
    data: pixels.data.map((value, i, all) => (i % 4 === 3 ? value : all[i - (i % 4)]!)),
  }
  const expected = inputOf(channels, preprocessing, grey)
  for (let p = 0; p < height * width; p++)
    for (let c = 0; c < channels; c++)
      expect(expected[p * channels + c]).toBeCloseTo(grey.data[4 * p]! * mix[c]! + offset[c]!, 5)
})
