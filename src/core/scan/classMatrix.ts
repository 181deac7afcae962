/** @file The mean maximum of each class in each channel of a layer, found a few channels at a time. */
import { classMeans } from './statistics/classMeans.ts'
import type { ReadableResult } from './statistics/statistic.ts'

export class ClassMatrix {
  readonly result: ReadableResult
  readonly channels: number
  /** The number of images that the layer had seen when this was begun. */
  readonly scanned: number
  /** How many channels are done, from channel 0 on. */
  done = 0
  /** By the number of the class, `[channels]`: NaN if it is not known, or the channel is dead. */
  readonly #means = new Map<number, Float64Array>()
  /** By the number of the class: how many of its images have a finite maximum in at least one channel. */
  readonly #images = new Map<number, number>()
  /** Both `[channels]`: the lowest mean of a class, 0 at most, and the highest one, 0 at least. */
  readonly #lowest: Float64Array
  readonly #highest: Float64Array

  constructor(result: ReadableResult) {
    const { channels, scanned } = result
    this.result = result
    this.channels = channels
    this.scanned = scanned
    this.#lowest = new Float64Array(channels)
    this.#highest = new Float64Array(channels)
  }

  get isDone(): boolean {
    return this.done === this.channels
  }

  /** Looks at the next channels, `most` of them at most. One takes some 2 µs a class. */
  next(most: number): void {
    const end = Math.min(this.channels, this.done + most)
    for (let channel = this.done; channel < end; channel++) {
      if (this.result.isDead(channel)) continue
      for (const { classNumber, images, mean } of this.result.of(classMeans, channel) ?? []) {
        let means = this.#means.get(classNumber)
        if (!means) this.#means.set(classNumber, (means = new Float64Array(this.channels).fill(Number.NaN)))
        means[channel] = mean
        this.#images.set(classNumber, Math.max(images, this.#images.get(classNumber) ?? 0))
        if (mean < this.#lowest[channel]!) this.#lowest[channel] = mean
        if (mean > this.#highest[channel]!) this.#highest[channel] = mean
      }
    }
    this.done = end
  }

  /** The numbers of the classes that have images, ascending. */
  get classes(): readonly number[] {
    return [...this.#means.keys()].toSorted((a, b) => a - b)
  }

  imagesOf(classNumber: number): number {
    return this.#images.get(classNumber) ?? 0
  }

  /** NaN if it is not known. */
  mean(classNumber: number, channel: number): number {
    return this.#means.get(classNumber)?.[channel] ?? Number.NaN
  }

  /** Where the mean lies between 0, or the channel's lowest mean if that is below, and its highest mean: 0 to 1. */
  level(classNumber: number, channel: number): number {
    const [low, high] = [this.#lowest[channel]!, this.#highest[channel]!]
    return high > low ? (this.mean(classNumber, channel) - low) / (high - low) : 0
  }
}
