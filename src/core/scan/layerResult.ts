/** @file What a scan knows of one layer: merged from the reports of all workers, batch by batch. */
import { ChannelRange } from './channelRange.ts'
import type { ChannelSummary } from './channelSummary.ts'
import { TopK, type TopEntry, type TopKSnapshot } from './topK.ts'

/** All of it as plain data, to be stored. */
export interface LayerSnapshot {
  readonly scanned: number
  readonly topK: TopKSnapshot
  readonly range: Pick<ChannelRange, 'highest' | 'lowest' | 'nanImages'>
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

  /** `images[n]` is the number of the image in row n. */
  absorb(summary: ChannelSummary, images: Int32Array): void {
    const { versions, range, topK } = this
    const { channels, max, position, min, nan } = summary
    const wasDead = Uint8Array.from(versions, (_, c) => (this.isDead(c) ? 1 : 0))
    for (let n = 0; n < images.length; n++)
      for (let c = 0; c < channels; c++) {
        const i = n * channels + c
        range.add(c, max[i]!, min[i]!, nan[i] === 1)
        // -Infinity stands for a channel of nothing but NaN, and says nothing worth a patch either way.
        if (max[i]! > -Infinity && topK.offer(c, images[n]!, max[i]!, position[i]!)) versions[c]! += 1
      }
    this.scanned += images.length
    // Dead or alive may change without a new entry.
    for (let c = 0; c < versions.length; c++) if (this.isDead(c) !== (wasDead[c] === 1)) versions[c]! += 1
  }

  snapshot(): LayerSnapshot {
    const { highest, lowest, nanImages } = this.range
    return {
      scanned: this.scanned,
      topK: this.topK.snapshot(),
      range: { highest: highest.slice(), lowest: lowest.slice(), nanImages: nanImages.slice() },
    }
  }

  /** Of an empty result of the same layer and k. Throws where the snapshot is of another. */
  restore({ scanned, topK, range }: LayerSnapshot): void {
    this.topK.restore(topK)
    this.range.merge(range)
    this.scanned = scanned
    this.versions.fill(1)
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
