import { expect, it } from 'vitest'
import { colourPixels, kernelPixels, weightColour } from '../../../src/core/reasons/kernelPixels.ts'

it('weights are white at 0, red above and blue below, and as strong as their share of the scale', () => {
  expect(weightColour(0, 2)).toEqual([247, 247, 247])
  expect(weightColour(2, 2)).toEqual([178, 24, 43])
  expect(weightColour(-2, 2)).toEqual([33, 102, 172])
  expect(weightColour(-9, 2)).toEqual(weightColour(-2, 2))
  expect(weightColour(1, 0)).toEqual(weightColour(0, 2))
  expect(weightColour(Number.NaN, 2)).toEqual([90, 90, 90])
  const [red, green, blue] = weightColour(1, 2)
  expect([red > green, red > blue]).toEqual([true, true])
  expect([...kernelPixels([2, -2], 2)]).toEqual([178, 24, 43, 255, 33, 102, 172, 255])
})

it('a kernel over colours is grey at 0, and each colour goes from dark to bright on one scale', () => {
  const bands = [
    [2, 0],
    [-2, 0],
    [1, 0],
  ]
  expect([...colourPixels(bands, 2)]).toEqual([255, 0, 191, 255, 128, 128, 128, 255])
  expect([...colourPixels([[0], [0], [0]], 0)]).toEqual([128, 128, 128, 255])
})
