/** @file Compares what reaches the first batch normalization with the statistics that it has stored in training. */
import * as tf from '@tensorflow/tfjs'
import { isUntrained, statisticsFit } from '../../core/preprocessing/guess/storedStatistics.ts'
import type { StatisticsFit } from '../../core/preprocessing/guess/trial.ts'
import type { TapNetwork } from '../model/tapNetwork.ts'
import type { Read } from '../scan/reduceChannels.ts'

/** The mean and variance of a layer's channels over all images; passes are added up in double precision. */
export class InputMoments {
  readonly layer: number
  readonly #read: Read
  readonly #name: string
  readonly #stored: { mean: Float32Array; variance: Float32Array }
  #rows = 0
  readonly #sum: Float64Array
  readonly #squares: Float64Array

  constructor(read: Read, layer: number, name: string, mean: Float32Array, variance: Float32Array) {
    this.#read = read
    this.layer = layer
    this.#name = name
    this.#stored = { mean, variance }
    this.#sum = new Float64Array(mean.length)
    this.#squares = new Float64Array(mean.length)
  }

  async add(output: tf.Tensor): Promise<void> {
    const channels = this.#sum.length
    const rows = output.size / channels
    const [mean, variance] = tf.tidy(() => {
      const moments = tf.moments(tf.reshape(output, [rows, channels]), 0)
      return [moments.mean, moments.variance]
    })
    try {
      const [means, variances] = await Promise.all([this.#read(mean!), this.#read(variance!)])
      this.#rows += rows
      for (let c = 0; c < channels; c++) {
        this.#sum[c]! += rows * means[c]!
        this.#squares[c]! += rows * (variances[c]! + means[c]! ** 2)
      }
    } finally {
      tf.dispose([mean!, variance!])
    }
  }

  fit(): StatisticsFit | null {
    if (this.#rows === 0) return null
    const mean = this.#sum.map((sum) => sum / this.#rows)
    const variance = this.#squares.map((sum, c) => Math.max(0, sum / this.#rows - mean[c]! ** 2))
    return statisticsFit(this.#name, { mean, variance }, this.#stored)
  }
}

/**
 * Observes what reaches the first trained batch normalization; later ones get what earlier ones have normalized. Is null
 * if there is none.
 */
export function firstMoments(network: TapNetwork, read: Read): InputMoments | null {
  for (const [i, layer] of network.network.layers.entries()) {
    if (layer.op?.kind !== 'batchNorm') continue
    const [mean, variance] = network
      .weightsOf(i)
      .slice(-2)
      .map((weight) => weight.dataSync<'float32'>())
    if (isUntrained({ mean: mean!, variance: variance! })) continue
    return new InputMoments(read, layer.inputs[0]!, layer.name, mean!, variance!)
  }
  return null
}
