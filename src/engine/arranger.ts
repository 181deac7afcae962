/**
 * @file Arranges channels in a worker of its own, which takes seconds for thousands of them: those of a layer on a map, or those of two
 * scans side by side.
 */
import {
  type ChannelPairs,
  matchChannels,
  type PairedLayer,
  pairByNumber,
} from '../core/compare/channelPairs.ts'
import { transfer } from '../rpc/transfer.ts'
import { type ChannelLayout, layOutChannels } from './mosaic/layOutChannels.ts'

export class Arranger {
  /** `maxima` is `[images, channels]`. Null if there are too few channels that have a correlation with others. */
  layOut(channels: number, maxima: Float32Array): ChannelLayout | null {
    const layout = layOutChannels(channels, maxima)
    return layout && transfer(layout, [layout.channels.buffer, layout.points.buffer])
  }

  pair(before: PairedLayer, after: PairedLayer, matched: boolean): ChannelPairs {
    return (matched ? matchChannels : pairByNumber)(before, after)
  }
}
