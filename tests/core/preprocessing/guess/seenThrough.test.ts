import { expect, it } from 'vitest'
import { seededRandom } from '../../../../src/core/seededRandom.ts'
import { seenThrough } from '../../../../src/core/preprocessing/guess/seenThrough.ts'

const shape = [3, 3, 3, 16] as const
const random = seededRandom(3)
const kernel = Float32Array.from({ length: 3 * 3 * 3 * 16 }, () => random() - 0.5)
const bias = Float32Array.from({ length: 16 }, () => random())

/** The means of the outputs if the pixels have these means. */
function outputMeans(means: readonly number[], withBias: boolean): number[] {
  return Array.from({ length: 16 }, (_, f) =>
    kernel.reduce(
      (sum, weight, i) => (i % 16 === f ? sum + weight * means[Math.floor(i / 16) % 3]! : sum),
      withBias ? bias[f]! : 0,
    ),
  )
}

it('finds the means of the channels, with a bias or without', () => {
  const means = [0.485, 0.456, 0.406]
  const variance = Array<number>(16).fill(1)
  for (const withBias of [true, false]) {
    const seen = seenThrough(
      { kernel, shape, bias: withBias ? bias : null },
      { mean: outputMeans(means, withBias), variance },
    )
    expect(seen!.mean.map((mean) => mean.toFixed(3))).toEqual(['0.485', '0.456', '0.406'])
  }
})

it('finds the deviation of pixels that all are alike, and half of it for half', () => {
  // Each filter sees one pixel, so its variance is that of the pixels times the weight's square.
  const single = Float32Array.from({ length: 3 * 6 }, (_, i) =>
    i % 6 === Math.floor(i / 6) ? 2 : 0.01 * (i % 5),
  )
  const deviation = (variance: number): number => {
    const means = Array.from({ length: 6 }, (_, f) =>
      [0, 1, 2].reduce((sum, c) => sum + single[c * 6 + f]! * 0.5, 0),
    )
    const seen = seenThrough(
      { kernel: single, shape: [1, 1, 3, 6], bias: null },
      { mean: means, variance: Array<number>(6).fill(variance) },
    )
    return Math.sqrt(seen!.variance[0]!)
  }
  expect(deviation(4) / deviation(1)).toBeCloseTo(2)
})

it('does not guess where the numbers do not agree, or are too few', () => {
  const noise = Array.from({ length: 16 }, (_, f) => (f % 2 === 0 ? 5 : -5))
  const variance = Array<number>(16).fill(1)
  expect(seenThrough({ kernel, shape, bias: null }, { mean: noise, variance })).toBeNull()
  expect(
    seenThrough(
      { kernel: kernel.slice(0, 27 * 4), shape: [3, 3, 3, 4], bias: null },
      { mean: [1, 1, 1, 1], variance: [1, 1, 1, 1] },
    ),
  ).toBeNull()
  expect(
    seenThrough({ kernel: new Float32Array(kernel.length), shape, bias: null }, { mean: noise, variance }),
  ).toBeNull()
})
