/** Compares our kernel with the formula in double precision, and with tfjs' own kernel. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../../src/engine/backend/chooseBackend.ts'
import { batchNormBySimd } from '../../../../src/engine/backend/kernels/batchNormWasm.ts'
import { seeded } from '../../../fixtures/random.ts'

/** The tolerance relative to a number: half a unit in the last place. */
const rounding = 2 ** -24

describe('batch normalization by SIMD', () => {
  beforeAll(async () => {
    await startBackend('wasm')
  })

  it.each([
    [[2, 5, 7, 3]],
    [[1, 1, 1, 1]],
    [[3, 4, 4, 8]],
    [[2, 3, 2, 33]],
    [[4, 6]],
    [[1, 9, 9, 4]],
    [[0, 2, 2, 4]],
  ])('rounds each step once, and leaves no tensor: %s', (shape) => {
    const random = seeded(shape.length * 100 + shape.at(-1)!)
    const channels = shape.at(-1)!
    const numbers = (count: number, from: number, to: number): Float32Array =>
      Float32Array.from({ length: count }, () => from + random.next() * (to - from))
    const x = numbers(
      shape.reduce((product, extent) => product * extent, 1),
      -5,
      5,
    )
    const mean = numbers(channels, -1, 1)
    const variance = numbers(channels, 0, 3)
    const offset = numbers(channels, -2, 2)
    const scale = numbers(channels, -2, 2)
    const before = tf.memory().numTensors
    for (const epsilon of [1e-3, 1.001e-5])
      for (const isPlain of [false, true])
        tf.tidy(() => {
          const vectors = [mean, variance, offset, scale].map((vector) =>
            tf.tensor1d(vector),
          ) as tf.Tensor1D[]
          const [m, v, o, s] = vectors as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]
          const input = tf.tensor(x, shape)
          const output = isPlain
            ? batchNormBySimd(input, m, v, undefined, undefined, epsilon)!
            : batchNormBySimd(input, m, v, o, s, epsilon)!
          const theirs = isPlain
            ? tf.batchNorm(input, m, v, tf.zerosLike(o), tf.onesLike(s), epsilon)
            : tf.batchNorm(input, m, v, o, s, epsilon)
          expect(output.shape).toEqual(shape)
          const [found, others] = [output.dataSync(), theirs.dataSync()]
          for (const [i, value] of x.entries()) {
            const c = i % channels
            const [factor, shift] = isPlain ? [1, 0] : [scale[c]!, offset[c]!]
            const product = ((value - mean[c]!) * factor) / Math.sqrt(variance[c]! + epsilon)
            const exact = product + shift
            const tolerance = rounding * (3 * Math.abs(product) + Math.abs(exact)) * 1.01
            expect(Math.abs(found[i]! - exact), `${i}`).toBeLessThanOrEqual(tolerance)
            expect(Math.abs(found[i]! - others[i]!), `${i}`).toBeLessThanOrEqual(4 * tolerance)
          }
        })
    expect(tf.memory().numTensors).toBe(before)
  })
})
