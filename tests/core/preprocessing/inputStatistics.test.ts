import { expect, it } from 'vitest'
import { drawnInput, histogramBins, InputTally } from '../../../src/core/preprocessing/inputStatistics.ts'
import { notebookPreprocessing } from '../../../src/core/preprocessing/preprocessing.ts'
import { withSettings } from '../../../src/core/preprocessing/withSettings.ts'

it('knows range, mean and deviation of each channel over all images', () => {
  const tally = new InputTally(notebookPreprocessing, 3)
  tally.add(Float32Array.of(0, 0.5, 1, 1, 0.5, 1))
  tally.add(Float32Array.of(0, 0.5, 0, 1, 0.5, 0))
  const { images, skipped, low, high, channels } = tally.statistics(2)
  expect([images, skipped, low, high]).toEqual([2, 2, 0, 1])
  expect(channels.map(({ min, max, mean, std }) => [min, max, mean, std])).toEqual([
    [0, 1, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0],
    [0, 1, 0.5, 0.5],
  ])
  const [first, second] = channels
  expect([first!.histogram[0], first!.histogram[histogramBins - 1]]).toEqual([2, 2])
  expect(second!.histogram[histogramBins / 2]).toBe(4)
})

it('spans what black and white become, also upside down and with numbers of their own', () => {
  const caffe = new InputTally(withSettings({ preset: 'caffe' }), 3).statistics(0)
  expect(caffe.low).toBeCloseTo(-123.68)
  expect(caffe.high).toBeCloseTo(255 - 103.939)
  expect(caffe.channels.map(({ black }) => Math.round(black))).toEqual([-104, -117, -124])
  const inverted = new InputTally(withSettings({ preset: 'inverted' }), 1).statistics(0)
  expect([inverted.low, inverted.high]).toEqual([-0, 1])
  expect(inverted.channels[0]).toMatchObject({ black: 1, white: -0 })
  expect(() => new InputTally(withSettings({ preset: 'torch' }), 1)).toThrow('mean')
})

it('draws the lowest number black and the highest white, grey thrice, and no alpha', () => {
  expect([...drawnInput(Float32Array.of(-1, 0, 1, 1, 1, 1), 3)]).toEqual([
    0, 128, 255, 255, 255, 255, 255, 255,
  ])
  expect([...drawnInput(Float32Array.of(10, 20), 1)]).toEqual([0, 0, 0, 255, 255, 255, 255, 255])
  expect([...drawnInput(Float32Array.of(0, 1, 0, 0.5), 4)]).toEqual([0, 255, 0, 255])
  expect([...drawnInput(Float32Array.of(7, 7), 1)]).toEqual([0, 0, 0, 255, 0, 0, 0, 255])
})
