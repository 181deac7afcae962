/** Layers that work on each number by itself, on the backend. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import type { Operation } from '../../../../src/core/model/network.ts'
import { startBackend } from '../../../../src/engine/backend/chooseBackend.ts'
import { runKernel } from '../../../../src/engine/model/kernels/index.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

const nan = Number.NaN
const infinite = Number.POSITIVE_INFINITY

function run(op: Operation, inputs: readonly number[][], weights: readonly number[][] = []): number[] {
  return tf.tidy(() => {
    const tensors = inputs.map((values) => tf.tensor4d(values, [1, 1, 1, values.length]))
    const arrays = weights.map((values) => tf.tensor3d(values, [1, 1, values.length]))
    return [...runKernel(op, tensors, arrays).dataSync()]
  })
}

it('quantizes: halves go to the even neighbour, and what is beyond the range to its end', () => {
  const op = { kind: 'quantize', scale: [0.5], zeroPoint: [3], low: 0, high: 9 } as const
  const given = [0.25, 0.75, 1.25, -0.25, -0.75, 0.3, 100, -100, infinite, -infinite]
  expect(run(op, [given])).toEqual([3, 5, 5, 3, 1, 4, 9, 0, 9, 0])
})

it('brings numbers back from steps of each channel', () => {
  const op = { kind: 'dequantize', scale: [0.5, 2], zeroPoint: [3, 0] } as const
  expect(run(op, [[5, 7]])).toEqual([1, 14])
})

it.each([
  ['greater', [0, 0, 1, 0]],
  ['greaterOrEqual', [0, 1, 1, 0]],
  ['less', [1, 0, 0, 0]],
  ['lessOrEqual', [1, 1, 0, 0]],
  ['equal', [0, 1, 0, 0]],
  ['notEqual', [1, 0, 1, 1]],
] as const)('compares: %s', (fn, wanted) => {
  const op = { kind: 'withConstant', fn, constant: 2, constantFirst: false } as const
  expect(run(op, [[1, 2, infinite, nan]])).toEqual(wanted)
})

it('chooses between an input, a number and weights', () => {
  const op = { kind: 'where', operands: ['input', 'input', { shape: [1, 1, 3] }] } as const
  expect(
    run(
      op,
      [
        [1, 0, 0],
        [5, nan, 7],
      ],
      [[2, 3, infinite]],
    ),
  ).toEqual([5, 3, infinite])
})

it('knows what is no number', () => {
  expect(run({ kind: 'pointwise', fn: 'isNaN' }, [[nan, infinite, 0, -1]])).toEqual([1, 0, 0, 0])
})

it('repeats along any axis', () => {
  const tiled = tf.tidy(() => {
    const x = tf.tensor4d([1, 2, 3, 4], [1, 2, 1, 2])
    return [...runKernel({ kind: 'tile', repeats: [2, 1, 1] }, [x], []).dataSync()]
  })
  expect(tiled).toEqual([1, 2, 3, 4, 1, 2, 3, 4])
})

it.each(['wasm', 'webgl'] as const)('sine and cosine are right to seven digits on %s', async (backend) => {
  await startBackend(backend)
  const given = Array.from({ length: 4001 }, (_, i) => Math.fround((i - 2000) / 16 + i / 977))
  for (const fn of ['sin', 'cos'] as const) {
    const found = run({ kind: 'pointwise', fn }, [given])
    const errors = found.map((value, i) => Math.abs(value - Math[fn](given[i]!)))
    expect(Math.max(...errors)).toBeLessThan(4e-7)
  }
  expect(run({ kind: 'pointwise', fn: 'sin' }, [[0]])).toEqual([0])
  await startBackend('wasm')
})
