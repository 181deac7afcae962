/** Browsers without SIMD get tfjs' plain program, and its convolutions instead of ours. */
import * as tf from '@tensorflow/tfjs'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { expect, it, vi } from 'vitest'
import { startBackend } from '../../../../../src/engine/backend/chooseBackend.ts'
import {
  chooseConvolutions,
  chosenConvolutions,
} from '../../../../../src/engine/backend/kernels/convolution/choice.ts'
import { arithmeticOf } from '../../../../../src/engine/backend/kernels/convolution/job.ts'
import { formula, largestError, numbersFor, shapeOf } from './cases.ts'

it('convolves', async () => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
  // What runs is the reference, whether it was chosen or not.
  expect(await startBackend('wasm')).toMatchObject({ name: 'wasm', isReference: true })
  expect(chosenConvolutions()).toBe('tfjs')
  chooseConvolutions('fast')
  expect(arithmeticOf(tf.backend() as BackendWasm)).toBeNull()
  const shape = shapeOf({ map: [12, 13, 20], kernel: [3, 3], filters: 24 })
  const given = numbersFor(shape, 2, false)
  const x = tf.tensor4d(given.x, [2, 12, 13, 20])
  const filter = tf.tensor4d(given.filter, [3, 3, 20, 24])
  const y = tf.conv2d(x, filter, 1, 'valid')
  expect(largestError(y.dataSync(), formula(shape, 2, given))).toBeLessThan(5e-6)
  tf.dispose([x, filter, y])
})
