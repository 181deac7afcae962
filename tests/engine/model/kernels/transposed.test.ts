/** Axes in another order: in steps of few axes as at once. */
import * as tf from '@tensorflow/tfjs'
import { beforeAll, expect, it } from 'vitest'
import { startBackend } from '../../../../src/engine/backend/chooseBackend.ts'
import { transposed, transposedInSteps } from '../../../../src/engine/model/kernels/transposed.ts'
import { seeded } from '../../../fixtures/random.ts'

beforeAll(() => startBackend('wasm'))

const shape = [1, 2, 3, 2, 4, 3, 2, 2]

it('in steps is the same as at once', () => {
  const random = seeded(5)
  for (let n = 0; n < 40; n++) {
    const order = random.shuffled([...shape.keys()])
    tf.tidy(() => {
      const x = tf.reshape(
        tf.range(
          0,
          shape.reduce((a, b) => a * b),
        ),
        shape,
      )
      const [steps, once] = [transposedInSteps(x, order), transposed(x, order)]
      expect(steps.shape).toEqual(once.shape)
      expect(steps.dataSync(), order.join()).toEqual(once.dataSync())
    })
  }
})
