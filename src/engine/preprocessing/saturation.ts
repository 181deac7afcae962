/** @file Counts the units that are saturated: at the bound of their activation. */
import * as tf from '@tensorflow/tfjs'
import type { Bound } from '../../core/preprocessing/guess/activationBounds.ts'
import type { TrialReport } from '../../core/preprocessing/guess/trial.ts'
import type { Read } from '../scan/reduceChannels.ts'

export class Saturation {
  readonly #read: Read
  #count = 0
  #of = 0

  constructor(read: Read) {
    this.#read = read
  }

  async add(output: tf.Tensor, { low, high }: Bound): Promise<void> {
    const found = tf.tidy(() => {
      const above = tf.greaterEqual(output, high)
      return tf.sum(tf.cast(low === null ? above : tf.logicalOr(above, tf.lessEqual(output, low)), 'float32'))
    })
    try {
      this.#count += (await this.#read(found))[0]!
      this.#of += output.size
    } finally {
      found.dispose()
    }
  }

  share(): TrialReport['saturated'] {
    return { count: this.#count, of: this.#of }
  }
}
