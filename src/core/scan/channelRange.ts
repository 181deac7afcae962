/**
 * @file The range of each channel over all units of all images seen so far, NaN left out. It tells a dead channel (one
 * value everywhere, as ReLU's 0) from one that is merely weak.
 */

import type { ChannelSummary } from './channelSummary.ts'

export class ChannelRange {
  /** Highest and lowest activation of any unit, `[channels]`; ∓Infinity until there is one. */
  readonly highest: Float32Array
  readonly lowest: Float32Array
  /** Images in which a unit was NaN, `[channels]`. */
  readonly nanImages: Uint32Array

  constructor(channels: number) {
    this.highest = new Float32Array(channels).fill(-Infinity)
    this.lowest = new Float32Array(channels).fill(Infinity)
    this.nanImages = new Uint32Array(channels)
  }

  /** Takes in one image's maximum and minimum, and whether it had a NaN unit. */
  add(channel: number, max: number, min: number, nan: boolean): void {
    if (nan) this.nanImages[channel]! += 1
    if (min < this.lowest[channel]!) this.lowest[channel] = min
    if (max > this.highest[channel]!) this.highest[channel] = max
  }

  /** Takes in one image: `summary`'s numbers from `from` to `to`. Zero is stored without its sign, which depends on the order. */
  addRow({ max, min, nan }: ChannelSummary, from: number, to: number): void {
    const { highest, lowest, nanImages } = this
    for (let i = from, c = 0; i < to; i++, c++) {
      if (max[i]! > highest[c]!) highest[c] = max[i]! + 0
      if (min[i]! < lowest[c]!) lowest[c] = min[i]! + 0
      if (nan[i] !== 0) nanImages[c]! += 1
    }
  }

  merge(other: Pick<ChannelRange, 'highest' | 'lowest' | 'nanImages'>): void {
    for (let c = 0; c < this.highest.length; c++) {
      this.highest[c] = Math.max(this.highest[c]!, other.highest[c]!)
      this.lowest[c] = Math.min(this.lowest[c]!, other.lowest[c]!)
      this.nanImages[c]! += other.nanImages[c]!
    }
  }

  get bytes(): number {
    return this.highest.byteLength + this.lowest.byteLength + this.nanImages.byteLength
  }

  /** Whether all that was seen, perhaps a single unit, had one value and was never NaN. */
  isConstant(channel: number): boolean {
    return this.highest[channel] === this.lowest[channel] && this.nanImages[channel] === 0
  }
}
