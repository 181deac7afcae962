/** Resizing on the backend, against the sums of pixels in double precision. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { tapsOf } from '../../../../src/core/model/kinds/interpolate.ts'
import type { OperationOf } from '../../../../src/core/model/network.ts'
import { startBackend } from '../../../../src/engine/backend/chooseBackend.ts'
import { runKernel } from '../../../../src/engine/model/kernels/index.ts'
import { seeded } from '../../../fixtures/random.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

type Interpolate = OperationOf<'interpolate'>

const cubic: Interpolate = {
  kind: 'interpolate',
  to: [9, 4],
  scales: [1.3, 0.8],
  coordinates: 'half_pixel',
  filter: { kind: 'cubic', a: -0.75 },
  antialias: true,
  excludeOutside: false,
}
const nearest: Interpolate = {
  ...cubic,
  filter: { kind: 'nearest', rounding: 'round_prefer_floor' },
  antialias: false,
}

const [rows, columns, channels] = [7, 5, 3]
const random = seeded(3)
const values = Float32Array.from({ length: 2 * rows * columns * channels }, () => random.next() - 0.5)
const size = rows * columns * channels

function resized(op: Interpolate, input: Float32Array): Float32Array {
  return tf.tidy(() => {
    const x = tf.tensor4d(input, [input.length / size, rows, columns, channels])
    return Float32Array.from(runKernel(op, [x], []).dataSync())
  })
}

/** One image, by the sums themselves. */
function summed(op: Interpolate, input: Float32Array): number[] {
  const [height, width] = op.to
  return Array.from({ length: height * width * channels }, (_, i) => {
    const [place, c] = [Math.floor(i / channels), i % channels]
    const own = tapsOf(op, 1, columns, place % width)
    let sum = 0
    for (const { index: row, weight: w } of tapsOf(op, 0, rows, Math.floor(place / width)))
      for (const { index, weight } of own) sum += w * weight * input[(row * columns + index) * channels + c]!
    return sum
  })
}

describe.each([
  ['cubic, smoothed', cubic],
  ['nearest', nearest],
])('%s', (_, op) => {
  it('gives the sums of the pixels', () => {
    const wanted = summed(op, values.subarray(0, size))
    const largest = Math.max(...wanted.map(Math.abs))
    const given = resized(op, values.slice(0, size))
    expect(given.length).toBe(wanted.length)
    for (const [i, n] of wanted.entries())
      expect(Math.abs(given[i]! - n) / largest, `${i}`).toBeLessThan(5e-6)
  })

  it('gives each image the same bits in any pass', () => {
    const both = resized(op, values)
    const alone = [values.slice(0, size), values.slice(size)].flatMap((image) => [...resized(op, image)])
    expect([...both]).toEqual(alone)
  })

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('keeps %d where it is seen', (wrong) => {
    const broken = values.slice(0, size)
    broken[(3 * columns + 2) * channels + 1] = wrong
    const given = resized(op, broken)
    const wanted = summed(op, broken)
    expect([...given].map(Number.isFinite)).toEqual(wanted.map(Number.isFinite))
  })
})
