/** @file Shows what a network sees of a picture: the numbers that a scan would feed it, computed by the same code. */
import { drawnInput, type InputStatistics, InputTally } from '../../core/preprocessing/inputStatistics.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import { writeInput } from '../../core/preprocessing/toInput.ts'
import { elementCount, type MapShape } from '../../core/model/network.ts'
import { decodeBatch } from '../images/decodeBatch.ts'
import { type PixelReader, usingPixels } from '../images/decodeImage.ts'
import type { ImageHandle } from '../images/imageHandle.ts'
import { shownPicture } from '../images/shownPicture.ts'

export interface InputInspection {
  /** The picture as decoded with this orientation, opaque, and no larger than the page draws it. */
  readonly picture: ImageBitmap
  /** The picture's real size. */
  readonly width: number
  readonly height: number
  /** What the network gets, with its lowest number black and its highest white. */
  readonly input: ImageBitmap
  readonly statistics: InputStatistics
}

/** The longer side of the picture that is handed over. */
const pictureSide = 720

/** The caller closes both bitmaps. Throws `images/…` and `setting/channels`. */
export async function inspectInput(
  handle: ImageHandle,
  inputShape: MapShape,
  preprocessing: Preprocessing,
  reader: PixelReader,
): Promise<InputInspection> {
  const [rows, columns, channels] = inputShape
  const { orientation } = preprocessing
  const tally = new InputTally(preprocessing, channels)
  const values = new Float32Array(elementCount(inputShape))
  const { width, height } = await usingPixels(handle, orientation, reader, (pixels) => {
    writeInput(pixels, inputShape, preprocessing, values, 0)
    return { width: pixels.width, height: pixels.height }
  })
  tally.add(values)
  const [{ bitmap: picture }, input] = await Promise.all([
    // The picture is decoded again rather than kept beside the numbers, so that a large one is in memory once.
    shownPicture(handle, pictureSide, orientation, reader),
    createImageBitmap(new ImageData(drawnInput(values, channels), columns, rows)),
  ])
  return { picture, width, height, input, statistics: tally.statistics(0) }
}

/** The number of images that are decoded at a time. */
const imagesAtOnce = 8

/** The statistics of several images together. Throws `setting/channels`. */
export async function sampleInput(
  handles: readonly ImageHandle[],
  inputShape: MapShape,
  preprocessing: Preprocessing,
  reader: PixelReader,
): Promise<InputStatistics> {
  const tally = new InputTally(preprocessing, inputShape[2])
  const length = elementCount(inputShape)
  let skipped = 0
  for (let at = 0; at < handles.length; at += imagesAtOnce) {
    const items = handles.slice(at, at + imagesAtOnce).map((handle, image) => ({ image, handle }))
    const { data, images } = await decodeBatch(items, items.length, inputShape, preprocessing, reader)
    for (const [row, image] of images.entries())
      if (image >= 0) tally.add(data.subarray(row * length, (row + 1) * length))
      else skipped++
  }
  return tally.statistics(skipped)
}
