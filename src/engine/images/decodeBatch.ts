/** @file Picture files to one batch of network input. Decoding runs off this thread, so batches overlap. */
import pLimit from 'p-limit'
import { messageOf } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/images/preprocessing.ts'
import { writeInput } from '../../core/images/toInput.ts'
import { size } from '../../core/model/network.ts'
import { decodeImage, type PixelReader } from './decodeImage.ts'
import type { ImageHandle } from './imageHandle.ts'

export interface BatchItem {
  /** The image's number in the table. */
  readonly image: number
  readonly handle: ImageHandle
}

export interface SkippedImage {
  readonly image: number
  readonly reason: string
}

export interface DecodedBatch {
  /** `[batchSize, H, W, C]`; rows without an image are zero. */
  readonly data: Float32Array
  /** `[batchSize]`: the number of the image in each row, -1 where there is none. */
  readonly images: Int32Array
  readonly skipped: readonly SkippedImage[]
}

/** Compressed bytes being decoded at once: a decoded photo takes about ten times its file, or more. */
const bytesInFlight = 8e6

export async function decodeBatch(
  items: readonly BatchItem[],
  batchSize: number,
  inputShape: readonly [number, number, number],
  preprocessing: Preprocessing,
  reader: PixelReader,
): Promise<DecodedBatch> {
  const rowSize = size(inputShape)
  const data = new Float32Array(batchSize * rowSize)
  const images = new Int32Array(batchSize).fill(-1)
  const skipped: SkippedImage[] = []
  const limit = pLimit(concurrencyFor(items))
  await Promise.all(
    items.map(({ image, handle }, row) =>
      limit(async () => {
        try {
          const bitmap = await decodeImage(handle)
          try {
            writeInput(reader.read(bitmap), inputShape, preprocessing, data, row * rowSize)
          } finally {
            bitmap.close()
          }
          images[row] = image
        } catch (error) {
          skipped.push({ image, reason: messageOf(error) })
        }
      }),
    ),
  )
  return { data, images, skipped }
}

/** Small pictures all at once, so that they are decoded while a pass holds this thread; photos a few at a time. */
function concurrencyFor(items: readonly BatchItem[]): number {
  const largest = Math.max(1, ...items.map(({ handle }) => (handle instanceof Blob ? handle.size : 0)))
  return Math.min(items.length, Math.max(2, Math.floor(bytesInFlight / largest)))
}
