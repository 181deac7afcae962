import { expect, it } from 'vitest'
import { gaussians } from '../../../src/core/reasons/gaussians.ts'
import { principalAxes } from '../../../src/core/reasons/principalAxes.ts'
import { realFourier } from '../../../src/core/reasons/realFourier.ts'
import { amplitudes, colourAxes } from '../../../src/core/reasons/spectrum.ts'

it('the axes of a covariance diagonalize it, largest variance first', () => {
  const numbers = gaussians(12, 5)
  // Products of random vectors are a covariance.
  const covariance = Float64Array.from({ length: 9 }, (_, i) => {
    const [a, b] = [Math.floor(i / 3), i % 3]
    return [0, 1, 2, 3].reduce((sum, k) => sum + numbers[4 * a + k]! * numbers[4 * b + k]!, 0)
  })
  const axes = principalAxes(covariance, 3)
  const product = (a: number, b: number): number => {
    let sum = 0
    for (let i = 0; i < 3; i++)
      for (let j = 0; j < 3; j++) sum += axes[3 * a + i]! * covariance[3 * i + j]! * axes[3 * b + j]!
    return sum
  }
  expect(product(0, 0)).toBeGreaterThan(product(1, 1))
  expect(product(1, 1)).toBeGreaterThan(product(2, 2))
  for (const [a, b] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    expect(Math.abs(product(a, b))).toBeLessThan(1e-12 * product(0, 0))
    const dot = [0, 1, 2].reduce((sum, i) => sum + axes[3 * a + i]! * axes[3 * b + i]!, 0)
    expect(Math.abs(dot)).toBeLessThan(1e-12)
  }
})

it('the colours of pictures that go from black to yellow have one axis, and a mean between', () => {
  const data = Uint8Array.from({ length: 256 * 3 }, (_, i) => (i % 3 === 2 ? 10 : Math.floor(i / 3)))
  const { mean, axes } = colourAxes({ bands: 3, data })
  expect([...mean]).toEqual([127.5, 127.5, 10])
  expect(axes[0]).toBeCloseTo(Math.SQRT1_2, 6)
  expect(axes[1]).toBeCloseTo(Math.SQRT1_2, 6)
  expect(axes[2]).toBeCloseTo(0, 6)
})

it('sines and cosines of the same frequencies, in both directions, get the root of their mean square', () => {
  const [height, width] = [4, 5]
  const squares = Float64Array.from({ length: height * width }, (_, i) => (i * 7) % 11)
  const rows = realFourier(height).frequencies
  const columns = realFourier(width).frequencies
  const found = amplitudes(squares, height, width, 1)
  for (let i = 0; i < squares.length; i++) {
    const alike = [...squares.keys()].filter(
      (j) =>
        rows[Math.floor(j / width)] === rows[Math.floor(i / width)] &&
        columns[j % width] === columns[i % width],
    )
    const mean = alike.reduce((sum, j) => sum + squares[j]!, 0) / alike.length
    expect(found[i]).toBeCloseTo(Math.sqrt(mean), 5)
  }
})

it('random numbers are normal, and the same for the same seed', () => {
  const numbers = gaussians(20_001, 3)
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  const square = numbers.reduce((sum, value) => sum + value * value, 0) / numbers.length
  const within = numbers.filter((value) => Math.abs(value) < 1).length / numbers.length
  expect(mean).toBeCloseTo(0, 1)
  expect(square).toBeCloseTo(1, 1)
  expect(Math.abs(within - 0.683)).toBeLessThan(0.01)
  expect(gaussians(20_001, 3)).toEqual(numbers)
  expect(gaussians(9, 4)).not.toEqual(numbers.slice(0, 9))
})
