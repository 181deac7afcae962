/** What each choice starts. */
import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it } from 'vitest'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { batchNormBySimd } from '../../../src/engine/backend/kernels/batchNormWasm.ts'
import { convolveByOurs } from '../../../src/engine/backend/kernels/convolution/register.ts'

const made: tf.Tensor[] = []
afterEach(() => {
  tf.dispose(made.splice(0))
})

/** Whether kernels of ours normalize and convolve. */
function ours(): { normalize: boolean; convolve: boolean } {
  const x = tf.ones<tf.Rank.R4>([1, 4, 4, 4])
  const filter = tf.ones([1, 1, 2, 4])
  const one = tf.ones<tf.Rank.R1>([4])
  const normalized = batchNormBySimd(x, one, one, one, one, 1e-3)
  const convolved = convolveByOurs({ x, filter }, { strides: 1, pad: 'valid' }, false)
  made.push(x, filter, one, ...[normalized, convolved].filter((y) => y !== null))
  return { normalize: normalized !== null, convolve: convolved !== null }
}

describe('the choice of', () => {
  it('the reference takes WASM, with kernels of TensorFlow.js alone', async () => {
    expect(await startBackend('tfjs-wasm')).toMatchObject({ name: 'wasm', isReference: true })
    expect(ours()).toEqual({ normalize: false, convolve: false })
  })

  it.each(['wasm', 'auto'] as const)(
    '%s takes WASM with kernels of ours, without a graphics card',
    async (choice) => {
      await startBackend('tfjs-wasm')
      expect(await startBackend(choice)).toMatchObject({ name: 'wasm', isReference: false })
      expect(ours()).toEqual({ normalize: true, convolve: true })
    },
  )

  it('a graphics card (WebGL) is no reference', async () => {
    expect(await startBackend('webgl')).toMatchObject({ name: 'webgl', isReference: false })
  })
})
