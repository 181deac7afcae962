/**
 * @file A worker's side of the running top k: it keeps its own table, so that of a batch only the entries that
 * still matter cross to the page. Over a scan of n images that is about k·(1 + ln(n/k)) entries a channel.
 */
import { ChannelRange } from './channelRange.ts'
import type { LayerDelta } from './layerResult.ts'
import { TopK } from './topK.ts'

/**
 * One batch, reduced over space, all `[N, C]`: maximum, where it is (row-major, first on ties), minimum, and 1 where
 * a unit was NaN. NaN units are neither maximum nor minimum; where all are NaN these are -Infinity and Infinity.
 */
export interface ChannelSummary {
  readonly channels: number
  readonly max: Float32Array
  readonly position: Uint32Array
  readonly min: Float32Array
  readonly nan: Uint8Array
}

export class DeltaCollector {
  readonly #topK: TopK

  constructor(channels: number, k: number) {
    this.#topK = new TopK(channels, k)
  }

  /** `images[n]` is the number of the image in row n, -1 where the row is padding. */
  add(summary: ChannelSummary, images: ArrayLike<number>): LayerDelta {
    const { channels } = summary
    const range = new ChannelRange(channels)
    const changed = new Set<number>()
    for (let n = 0; n < images.length; n++) {
      if (images[n]! < 0) continue
      for (let c = 0; c < channels; c++) {
        const i = n * channels + c
        const max = summary.max[i]!
        range.add(c, max, summary.min[i]!, summary.nan[i] === 1)
        // -Infinity stands for a channel of nothing but NaN, and says nothing worth a patch either way.
        if (max > -Infinity && this.#topK.offer(c, images[n]!, max, summary.position[i]!)) changed.add(c)
      }
    }

    const inBatch = new Set(Array.from(images))
    const rows: [number, number, number, number][] = []
    for (const channel of changed)
      for (let rank = 0; rank < this.#topK.count(channel); rank++) {
        const { image, activation, position } = this.#topK.entry(channel, rank)
        if (inBatch.has(image)) rows.push([channel, image, activation, position])
      }
    return {
      channels: Uint32Array.from(rows, (row) => row[0]),
      images: Uint32Array.from(rows, (row) => row[1]),
      activations: Float32Array.from(rows, (row) => row[2]),
      positions: Uint32Array.from(rows, (row) => row[3]),
      highest: range.highest,
      lowest: range.lowest,
      nanImages: range.nanImages,
    }
  }
}
