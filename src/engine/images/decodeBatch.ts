/** @file Decodes picture files into one batch of network input. Decoding runs off this thread, so batches overlap. */
import pLimit from 'p-limit'
import { messageOf } from '../../core/errors.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { writeInput } from '../../core/preprocessing/toInput.ts'
import { elementCount, type MapShape } from '../../core/model/network.ts'
import { type PixelReader, usingPixels } from './decodeImage.ts'
import { inGroups, readRanges } from './fileRange.ts'
import { type ImageHandle, unpackedBytes } from './imageHandle.ts'
import { copyOfBitmap, copyOfPixels, isLarge } from './pictureCopy.ts'
import { writeBilinear } from './resize/bilinearInput.ts'
import { type HandedPicture, isSmall } from './smallPicture.ts'

export interface BatchItem {
  /** The image's number in the table. */
  readonly image: number
  readonly handle: ImageHandle
}

export interface SkippedImage {
  readonly image: number
  readonly reason: string
}

export interface DecodedRows {
  /** `[batchSize, H, W, C]`. Rows without an image are zero. */
  readonly data: Float32Array
  /** `[batchSize]`: the number of the image in each row, or -1 if there is none. */
  readonly images: Int32Array
  readonly skipped: readonly SkippedImage[]
}

export interface DecodedBatch extends DecodedRows {
  /** The small pictures, and copies of the large ones, turned as the network gets them. */
  readonly pictures: readonly HandedPicture[]
}

/** The most bytes that are unpacked out of archives at a time. Other large files are read while they are decoded. */
const maxBytesInFlight = 64e6

/**
 * Small pictures are decoded all at once, even while a pass blocks this thread; large ones as memory allows. A picture
 * that cannot be decoded is skipped, and the reason is reported. `memory`: rows of an earlier batch that nobody reads any
 * more. New memory costs as much as decoding a few pictures into it, as the system clears it page by page.
 */
export async function decodeBatch(
  items: readonly BatchItem[],
  batchSize: number,
  inputShape: MapShape,
  preprocessing: Preprocessing,
  reader: PixelReader,
  memory: Float32Array | null = null,
): Promise<DecodedBatch> {
  const rowSize = elementCount(inputShape)
  const size = batchSize * rowSize
  const data = memory && memory.length >= size ? memory.subarray(0, size) : new Float32Array(size)
  const images = new Int32Array(batchSize).fill(-1)
  const skipped: SkippedImage[] = []
  const pictures: HandedPicture[] = []
  const limit = pLimit(concurrencyFor(items))
  const rows = items.map((item, row) => ({ ...item, row }))
  const groups = inGroups(rows).map(async (group) => {
    const ranges = await readRanges(group.map(({ handle }) => handle))
    return Promise.all(
      group.map(({ image, handle, row }, i) =>
        limit(async () => {
          try {
            await usingPixels(
              handle,
              preprocessing.orientation,
              reader,
              async (pixels, bitmap) => {
                const at = row * rowSize
                if (!writeBilinear(pixels, inputShape, preprocessing, data, at))
                  writeInput(pixels, inputShape, preprocessing, data, at)
                if (isSmall(pixels)) pictures.push({ ...pixels, image })
                else if (isLarge(pixels)) {
                  const { width, height } = pixels
                  const file = await (bitmap ? copyOfBitmap(bitmap) : copyOfPixels(pixels))
                  pictures.push({ image, width, height, file })
                }
              },
              ranges[i]!,
            )
            images[row] = image
          } catch (error) {
            skipped.push({ image, reason: messageOf(error) })
          }
        }),
      ),
    )
  })
  await Promise.all(groups)
  if (memory)
    for (const [row, image] of images.entries())
      if (image < 0) data.fill(0, row * rowSize, (row + 1) * rowSize)
  return { data, images, skipped, pictures }
}

function concurrencyFor(items: readonly BatchItem[]): number {
  const largest = Math.max(1, ...items.map(({ handle }) => unpackedBytes(handle)))
  return Math.max(2, Math.min(items.length, Math.floor(maxBytesInFlight / largest)))
}
