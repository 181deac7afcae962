/**
 * @file All channels of a layer by what the network loses without each. It grows image by image; the order in which images come
 * changes no bit.
 */
import { correlate } from '../correlate.ts'
import type { Judge, Yardstick } from './judge.ts'

export class LossRanking {
  readonly channels: number
  readonly yardstick: Yardstick
  /** `[N, channels]`: what each channel's loss does to an image; NaN as long as it is not known. */
  readonly #harm: Float64Array
  /** `[N, channels]`: 1 if the answer is another one, 2 if it is right. */
  readonly #answers: Uint8Array
  readonly #done: Uint8Array
  readonly #judge: Judge

  /** `images` is how many the sample has, those that cannot be read left out. */
  constructor(judge: Judge, images: number, channels: number) {
    this.channels = channels
    this.yardstick = judge.yardstick
    this.#judge = judge
    this.#harm = new Float64Array(images * channels).fill(Number.NaN)
    this.#answers = new Uint8Array(images * channels)
    this.#done = new Uint8Array(images)
  }

  /** The outputs for an image without the channel. */
  add(image: number, channel: number, row: Float32Array): void {
    const judge = this.#judge
    const at = image * this.channels + channel
    this.#harm[at] = judge.harmOf(image, row)
    if (judge.yardstick === 'outputs') return
    const answer = judge.answerAfter(row)
    const wanted = judge.wantedOf(image)
    this.#answers[at] =
      (answer === judge.answerOf(image) ? 0 : 1) | (wanted >= 0 && answer === wanted ? 2 : 0)
  }

  /** All channels of an image are known. */
  finish(image: number): void {
    this.#done[image] = 1
  }

  isDone(image: number): boolean {
    return this.#done[image] === 1
  }

  /** What is known so far, of the images that are done. */
  result(): LossRanks {
    const { channels, yardstick } = this
    const isAnswered = yardstick !== 'outputs'
    const judge = this.#judge
    const [all, odd, even] = [new Means(channels), new Means(channels), new Means(channels)]
    const changed = Array<number>(channels).fill(0)
    const right = Array<number>(channels).fill(0)
    let [images, judged, rightBefore] = [0, 0, 0]
    for (let image = 0; image < this.#done.length; image++) {
      if (!this.isDone(image)) continue
      const harm = this.#harm.subarray(image * channels, (image + 1) * channels)
      all.add(harm)
      // Neighbours in the sample are as different as any two.
      ;(images % 2 === 1 ? odd : even).add(harm)
      images++
      if (!isAnswered) continue
      for (let c = 0, at = image * channels; c < channels; c++, at++) {
        changed[c]! += this.#answers[at]! & 1
        right[c]! += this.#answers[at]! >> 1
      }
      const wanted = judge.wantedOf(image)
      if (wanted < 0) continue
      judged++
      if (judge.answerOf(image) === wanted) rightBefore++
    }
    return {
      images,
      yardstick,
      loss: all.values(),
      changed: isAnswered ? changed : null,
      judged,
      right: isAnswered ? right : null,
      rightBefore,
      stability: images < 4 ? null : rankCorrelation(odd.values(), even.values()),
    }
  }
}

/** The means of what is known of each channel. */
class Means {
  readonly #sums: Float64Array
  readonly #counts: Uint32Array

  constructor(channels: number) {
    this.#sums = new Float64Array(channels)
    this.#counts = new Uint32Array(channels)
  }

  add(values: Float64Array): void {
    for (const [c, value] of values.entries()) {
      if (Number.isNaN(value)) continue
      this.#sums[c]! += value
      this.#counts[c]!++
    }
  }

  /** NaN for a channel of which nothing is known. */
  values(): number[] {
    return Array.from(this.#sums, (sum, c) => sum / this.#counts[c]!)
  }
}

/** What the network loses without each channel of a layer, over some images. */
export interface LossRanks {
  readonly images: number
  readonly yardstick: Yardstick
  /** `[channels]`: the mean of `Judge.harmOf`; NaN if it is not known. */
  readonly loss: readonly number[]
  /** `[channels]`: how many images get another answer; null if outputs are no answer. */
  readonly changed: readonly number[] | null
  /** How many images have a right answer; `[channels]`: how many still get it, and without any change. */
  readonly judged: number
  readonly right: readonly number[] | null
  readonly rightBefore: number
  /** Spearman's rank correlation of the losses in two halves of the images; null if there are too few, or no two losses differ. */
  readonly stability: number | null
}

/** As they are kept for a layer. */
export interface LayerLosses extends LossRanks {
  /** What takes the place of each channel: its mean over the images, or 0. */
  readonly replacement: 'mean' | 'zero'
  /** How many images the sample has; fewer have been through as long as it goes on. */
  readonly of: number
}

/** Spearman's: Pearson's correlation of ranks, equal values having their mean rank. Null if one side does not vary, or has NaN. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number | null {
  if (a.some(Number.isNaN) || b.some(Number.isNaN)) return null
  return correlate(ranksOf(a), ranksOf(b))
}

function ranksOf(values: readonly number[]): number[] {
  const order = [...values.keys()].toSorted((i, j) => values[i]! - values[j]!)
  const ranks = Array<number>(values.length)
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to - 1) / 2
    from = to
  }
  return ranks
}

/** The channels by what the network loses without them, most first; those of which it is not known come last. */
export function byLoss({ loss }: Pick<LossRanks, 'loss'>): number[] {
  const key = (channel: number): number => (Number.isNaN(loss[channel]!) ? -Infinity : loss[channel]!)
  return [...loss.keys()].toSorted((a, b) => (key(a) === key(b) ? a - b : key(b) - key(a)))
}
