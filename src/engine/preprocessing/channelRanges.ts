/** @file Observes which channels of a few layers stay dead, and whether all numbers are finite. */
import type * as tf from '@tensorflow/tfjs'
import type { TrialReport } from '../../core/preprocessing/guess/trial.ts'
import { ChannelRange } from '../../core/scan/channelRange.ts'
import { type Read, reduceChannels } from '../scan/reduceChannels.ts'

/** The lowest and highest values of the channels of some layers. */
export class ChannelRanges {
  notFinite = false
  readonly #read: Read
  readonly #ranges = new Map<number, ChannelRange>()

  constructor(read: Read) {
    this.#read = read
  }

  async add(layer: number, output: tf.Tensor): Promise<void> {
    const { channels, max, min, nan } = await reduceChannels(output, this.#read)
    let range = this.#ranges.get(layer)
    if (!range) this.#ranges.set(layer, (range = new ChannelRange(channels)))
    for (let i = 0; i < max.length; i++) range.add(i % channels, max[i]!, min[i]!, nan[i] === 1)
    this.#notice(max, min, nan)
  }

  /** Looks only at whether all numbers of the output are finite. */
  async look(output: tf.Tensor): Promise<void> {
    const { max, min, nan } = await reduceChannels(output, this.#read)
    this.#notice(max, min, nan)
  }

  dead(): TrialReport['dead'] {
    let count = 0
    let of = 0
    for (const range of this.#ranges.values()) {
      of += range.highest.length
      for (let c = 0; c < range.highest.length; c++) if (range.isConstant(c)) count++
    }
    return { count, of }
  }

  #notice(max: Float32Array, min: Float32Array, nan: Uint8Array): void {
    this.notFinite ||= nan.includes(1) || max.includes(Infinity) || min.includes(-Infinity)
  }
}
