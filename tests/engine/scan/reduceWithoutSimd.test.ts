/** Browsers without WASM SIMD use tfjs' plain program, and a loop instead of our kernel. */
import * as tf from '@tensorflow/tfjs'
import { expect, it, vi } from 'vitest'
import { startBackend } from '../../../src/engine/backend/chooseBackend.ts'
import { reduceChannels } from '../../../src/engine/scan/reduceChannels.ts'

it('finds the first maximum, the minimum, what is active and NaN', async () => {
  const validate = vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
  await startBackend('wasm')
  expect(await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT')).toBe(false)
  // [2, 1, 3, 2]
  const x = tf.tensor4d([1, -1, 3, -2, 3, -3, NaN, 0, 5, NaN, -4, NaN], [2, 1, 3, 2])
  const summary = await reduceChannels(x, (tensor) => tensor.data<'float32'>())
  x.dispose()
  expect(validate).toHaveBeenCalled()
  expect(summary).toEqual({
    channels: 2,
    max: Float32Array.of(3, -1, 5, 0),
    position: Uint32Array.of(1, 0, 1, 0),
    min: Float32Array.of(1, -3, -4, 0),
    active: Uint32Array.of(3, 0, 1, 0),
    nan: Uint8Array.of(0, 0, 1, 1),
  })
})
