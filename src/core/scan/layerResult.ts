/** @file What a scan knows of one layer: merged from the reports of all workers, batch by batch. */
import { ChannelRange } from './channelRange.ts'
import { TopK, type TopEntry } from './topK.ts'

/**
 * What one batch changed in one layer: the entries that found a place in the worker's own top k (flat, in step),
 * and the range of each channel over the batch `[channels]`.
 */
export interface LayerDelta {
  readonly channels: Uint32Array
  readonly images: Uint32Array
  readonly activations: Float32Array
  readonly positions: Uint32Array
  readonly highest: Float32Array
  readonly lowest: Float32Array
  readonly nanImages: Uint32Array
}

export class LayerResult {
  readonly topK: TopK
  readonly range: ChannelRange
  /** Grows whenever a channel's top k or state changes, `[channels]`; what is drawn compares it. */
  readonly versions: Uint32Array
  scanned = 0

  constructor(channels: number, k: number) {
    this.topK = new TopK(channels, k)
    this.range = new ChannelRange(channels)
    this.versions = new Uint32Array(channels)
  }

  absorb(delta: LayerDelta, images: number): void {
    const { versions, range } = this
    for (let c = 0; c < versions.length; c++) if (range.isDead(c)) versions[c]! += 1
    range.merge(delta)
    for (let i = 0; i < delta.channels.length; i++) {
      const channel = delta.channels[i]!
      const entered = this.topK.offer(channel, delta.images[i]!, delta.activations[i]!, delta.positions[i]!)
      if (entered) versions[channel]! += 1
    }
    this.scanned += images
  }

  /** Best first; none for a dead channel. */
  top(channel: number): TopEntry[] {
    return this.range.isDead(channel) ? [] : this.topK.entries(channel)
  }

  get nanChannels(): number {
    return this.range.nanImages.reduce((count, images) => count + (images > 0 ? 1 : 0), 0)
  }
}
