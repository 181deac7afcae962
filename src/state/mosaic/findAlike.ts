/** @file Finds out which patches of a channel look alike, by drawing them small. */
import { alikeGroups, reducedSide } from '../../core/mosaic/alike.ts'
import { mosaicExtent, mosaicSide, slotOrigin } from '../../core/mosaic/layout.ts'
import { framing } from '../../core/preprocessing/fit.ts'
import type { Preprocessing } from '../../core/preprocessing/preprocessing.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { ImageSet } from '../images/imageSet.ts'
import type { OpenModel } from '../model/openModel.ts'
import type { GalleryClient } from '../workers/galleryClient.ts'
import { comparedEntries, distinctTop, noteAlike } from './alike.ts'
import { type Patch, patchesAt, requestsOf } from './patches.ts'

/** What patches are drawn with. */
interface Sources {
  readonly images: ImageSet | null
  readonly inputShape: Parameters<typeof framing>[0]
  readonly preprocessing: Preprocessing
  readonly toEdge: boolean
}

interface Wanted {
  readonly gallery: Pick<GalleryClient, 'mosaic'>
  readonly sources: Sources
  readonly model: OpenModel | null
  readonly layer: string
  readonly result: ReadableResult
  readonly channel: number
}

/** Afterwards `distinctTop` knows; unless there are no images, or it knows already. */
export async function findAlike({ gallery, sources, model, layer, result, channel }: Wanted): Promise<void> {
  if (!sources.images || distinctTop(result, channel, 0) !== null) return
  const entries = comparedEntries(result, channel)
  const pixels = await reducedPixels(gallery, patchesAt(model, layer, entries), sources)
  noteAlike(result, channel, entries, alikeGroups(pixels))
}

/** The patches reduced to so many pixels each, one after the other, red, green, blue and alpha side by side. */
async function reducedPixels(
  gallery: Wanted['gallery'],
  patches: readonly Patch[],
  { inputShape, preprocessing, toEdge }: Sources,
): Promise<Uint8ClampedArray> {
  const numbers = reducedSide * reducedSide * 4
  const pixels = new Uint8ClampedArray(patches.length * numbers)
  if (patches.length === 0) return pixels
  const layout = { side: mosaicSide(patches.length), patch: reducedSide, gap: 0 }
  const requests = requestsOf(patches, inputShape, toEdge)
  const bitmap = await gallery.mosaic(requests, framing(inputShape, preprocessing), layout)
  const extent = mosaicExtent(layout)
  const context = new OffscreenCanvas(extent, extent).getContext('2d', { willReadFrequently: true })!
  if (bitmap) context.drawImage(bitmap, 0, 0)
  bitmap?.close()
  for (const rank of patches.keys()) {
    const { x, y } = slotOrigin(layout, rank)
    pixels.set(context.getImageData(x, y, reducedSide, reducedSide).data, rank * numbers)
  }
  return pixels
}
