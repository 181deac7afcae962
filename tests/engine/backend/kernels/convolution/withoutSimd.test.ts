/** Browsers without SIMD get tfjs' plain program, and its convolutions instead of ours. */
import * as tf from '@tensorflow/tfjs'
// Registers tfjs' kernels, before ours come.
import '@tensorflow/tfjs-backend-wasm'
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm'
import { beforeAll, expect, it } from 'vitest'
import { startBackend } from '../../../../../src/engine/backend/chooseBackend.ts'
import {
  chooseConvolutions,
  chosenConvolutions,
} from '../../../../../src/engine/backend/kernels/convolution/choice.ts'
import { arithmeticOf } from '../../../../../src/engine/backend/kernels/convolution/job.ts'
import { limitSimd } from '../../../simd.ts'
import { formula, largestError, numbersFor, shapeOf } from './cases.ts'

/** The kernels of tfjs that ran. */
const ran: string[] = []

beforeAll(() => {
  limitSimd('none')
  for (const kernelName of ['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D']) {
    const theirs = tf.getKernel(kernelName, 'wasm')
    tf.unregisterKernel(kernelName, 'wasm')
    tf.registerKernel({
      ...theirs,
      kernelFunc: (call) => {
        ran.push(kernelName)
        return theirs.kernelFunc(call)
      },
    })
  }
})

it('convolves by kernels of tfjs', async () => {
  // What runs is the reference, whether it was chosen or not.
  expect(await startBackend('wasm')).toMatchObject({ name: 'wasm', isReference: true })
  expect(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')).toBe(false)
  expect(chosenConvolutions()).toBe('tfjs')
  // Even if ours were chosen, they would not run.
  chooseConvolutions('fast')
  expect(arithmeticOf(tf.backend() as BackendWasm)).toBeNull()
  const shape = shapeOf({ map: [12, 13, 20], kernel: [3, 3], filters: 24 })
  const given = numbersFor(shape, 2, false)
  const x = tf.tensor4d(given.x, [2, 12, 13, 20])
  const filter = tf.tensor4d(given.filter, [3, 3, 20, 24])
  const y = tf.conv2d(x, filter, 1, 'valid')
  expect(largestError(y.dataSync(), formula(shape, 2, given))).toBeLessThan(5e-6)
  const fused = tf.fused.conv2d({ x, filter, strides: 1, pad: 'valid', activation: 'relu' })
  const own = tf.slice(filter, [0, 0, 0, 0], [3, 3, 20, 1])
  const depthwise = tf.depthwiseConv2d(x, own as tf.Tensor4D, 1, 'valid')
  const both = tf.fused.depthwiseConv2d({ x, filter: own as tf.Tensor4D, strides: 1, pad: 'valid' })
  expect(ran).toEqual(['Conv2D', 'FusedConv2D', 'DepthwiseConv2dNative', 'FusedDepthwiseConv2D'])
  tf.dispose([x, filter, own, y, fused, depthwise, both])
})
