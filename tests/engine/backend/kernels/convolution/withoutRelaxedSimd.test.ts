/** Browsers without relaxed SIMD multiply and add in two steps. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { beforeAll, expect, it } from 'vitest'
import { startBackend } from '../../../../../src/engine/backend/chooseBackend.ts'
import { arithmeticOf } from '../../../../../src/engine/backend/kernels/convolution/job.ts'
import { limitSimd } from '../../../simd.ts'
import { type Case, computed, formula, largestError, numbersFor, shapeOf } from './cases.ts'

beforeAll(async () => {
  limitSimd('plain')
  await startBackend('wasm')
})

const cases: readonly (readonly ['direct' | 'winograd' | 'depthwise', Case])[] = [
  ['direct', { map: [9, 8, 5], kernel: [3, 3], filters: 7, margins: [1, 1, 1, 1], strides: [2, 2] }],
  ['direct', { map: [7, 9, 16], kernel: [1, 1], filters: 24 }],
  ['direct', { map: [1, 1, 3], kernel: [1, 1], filters: 2 }],
  ['winograd', { map: [11, 13, 17], kernel: [3, 3], filters: 19, margins: [1, 1, 1, 1] }],
  ['winograd', { map: [6, 6, 4], kernel: [3, 3], filters: 8 }],
  ['depthwise', { map: [9, 23, 13], kernel: [3, 3], filters: 13, margins: [0, 1, 0, 1], strides: [2, 2] }],
]

it.each(cases)('%s %j', (kernel, one) => {
  expect(arithmeticOf(tf.backend() as BackendWasm)).toBe('plain')
  const shape = kernel === 'depthwise' ? { ...shapeOf(one), groups: one.filters } : shapeOf(one)
  const given = numbersFor(shape, 2, true)
  const found = computed(shape, 2, given, kernel)
  expect(largestError(found, formula(shape, 2, given))).toBeLessThan(5e-6)
})

it('gives the bits of tfjs where it convolves directly', () => {
  const shape = shapeOf({ map: [20, 20, 33], kernel: [3, 3], filters: 24 })
  const given = numbersFor(shape, 1, true)
  const x = tf.tensor4d(given.x, [1, 20, 20, 33])
  const filter = tf.tensor4d(given.filter, [3, 3, 33, 24])
  const bias = tf.tensor1d(given.bias!)
  // Of an activation that ours do not know, and that does not change the numbers.
  const theirs = tf.tidy(() => {
    const half = tf.fused.conv2d({
      x,
      filter,
      bias,
      strides: 1,
      pad: 'valid',
      activation: 'prelu',
      preluActivationWeights: tf.ones([24]),
    })
    return half.dataSync()
  })
  tf.dispose([x, filter, bias])
  expect(computed(shape, 1, given, 'direct')).toEqual(theirs)
})
