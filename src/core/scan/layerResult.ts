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
  readonly #units: number

  /** `units` is the number of units of a channel: rows times columns of the layer's map. */
  constructor(channels: number, units: number, k: number) {
    this.#units = units
    this.topK = new TopK(channels, k)
    this.range = new ChannelRange(channels)
    this.versions = new Uint32Array(channels)
  }

  absorb(delta: LayerDelta, images: number): void {
    const { versions, range } = this
    const wasDead = Uint8Array.from(versions, (_, c) => (this.isDead(c) ? 1 : 0))
    range.merge(delta)
    for (let i = 0; i < delta.channels.length; i++) {
      const channel = delta.channels[i]!
      const entered = this.topK.offer(channel, delta.images[i]!, delta.activations[i]!, delta.positions[i]!)
      if (entered) versions[channel]! += 1
    }
    this.scanned += images
    // Dead or alive may change without a new entry.
    for (let c = 0; c < versions.length; c++) if (this.isDead(c) !== (wasDead[c] === 1)) versions[c]! += 1
  }

  /**
   * One value in every unit of every image: such a channel tells nothing, and every patch is as good. A single unit
   * of a single image tells neither.
   */
  isDead(channel: number): boolean {
    return this.scanned * this.#units > 1 && this.range.isConstant(channel)
  }

  /** Best first; none for a dead channel. */
  top(channel: number): TopEntry[] {
    return this.isDead(channel) ? [] : this.topK.entries(channel)
  }

  get nanChannels(): number {
    return this.range.nanImages.reduce((count, images) => count + (images > 0 ? 1 : 0), 0)
  }
}
