/** @file The decoder makes network input of pictures, in a worker of its own. It knows nothing of networks. */
import type { MapShape } from '../core/model/network.ts'
import type { Preprocessing } from '../core/preprocessing/preprocessing.ts'
import { transfer } from '../rpc/transfer.ts'
import { type BatchItem, decodeBatch, type DecodedBatch } from './images/decodeBatch.ts'
import { PixelReader } from './images/decodeImage.ts'
import { memoryOfPictures } from './images/smallPicture.ts'

export class Decoder {
  readonly #reader = new PixelReader()

  /** Decodes each item into a row of `[N, H, W, C]`, as `inputShape` says. All arrays are handed over. */
  async decode(
    items: readonly BatchItem[],
    inputShape: MapShape,
    preprocessing: Preprocessing,
  ): Promise<DecodedBatch> {
    const batch = await decodeBatch(items, items.length, inputShape, preprocessing, this.#reader)
    return transfer(batch, [batch.data.buffer, batch.images.buffer, ...memoryOfPictures(batch.pictures)])
  }
}
