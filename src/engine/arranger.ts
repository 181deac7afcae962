/** @file Arranges the channels of a layer on a map, in a worker of its own: that takes seconds for thousands of them. */
import { transfer } from '../rpc/transfer.ts'
import { type ChannelLayout, layOutChannels } from './mosaic/layOutChannels.ts'

export class Arranger {
  /** `maxima` is `[images, channels]`. Null if there are too few channels that have a correlation with others. */
  layOut(channels: number, maxima: Float32Array): ChannelLayout | null {
    const layout = layOutChannels(channels, maxima)
    return layout && transfer(layout, [layout.channels.buffer, layout.points.buffer])
  }
}
