import { expect, it } from 'vitest'
import { activationsBytes, formatBytes, imagesTensorBytes, weightsBytes } from '../../src/core/estimates.ts'

it("gives the exercise's answers: 7,454 images, and all activations of conv2d_5", () => {
  expect(imagesTensorBytes(7454, [96, 96, 3])).toBe(7454 * 96 * 96 * 3 * 4)
  expect(formatBytes(imagesTensorBytes(7454, [96, 96, 3]))).toBe('824 MB')
  expect(activationsBytes(7454, [39, 39, 64])).toBe(2_902_408_704)
  expect(formatBytes(activationsBytes(7454, [39, 39, 64]))).toBe('2.90 GB')
  expect(activationsBytes(10, [3])).toBe(120)
})

it.each([
  [0, '0 B'],
  [1, '1 B'],
  [999, '999 B'],
  [1000, '1.00 kB'],
  [1004.9, '1.00 kB'],
  [12_345, '12.3 kB'],
  [999_499, '999 kB'],
  [999_500, '1.00 MB'],
  [1.5e9, '1.50 GB'],
  [2.345e12, '2.35 TB'],
])('%i bytes are %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

it('counts four bytes for each parameter of all layers', () => {
  expect(weightsBytes([])).toBe(0)
  expect(weightsBytes([896, 0, 9248])).toBe(40_576)
})
