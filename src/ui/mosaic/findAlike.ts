/** @file Finds out which patches of a channel look alike, by drawing them small. */
import { alikeGroups, reducedSide } from '../../core/mosaic/alike.ts'
import { mosaicExtent, mosaicSide, slotOrigin } from '../../core/mosaic/layout.ts'
import type { ReadableResult } from '../../core/scan/statistics/statistic.ts'
import type { Services } from '../../state/appState.ts'
import { comparedEntries, distinctTop, noteAlike } from '../../state/mosaic/alike.ts'
import { type Patch, patchesAt } from '../../state/mosaic/patches.ts'
import type { OpenModel } from '../../state/model/openModel.ts'
import { patchRenderer, type PatchSources } from './patchRenderer.ts'

interface Wanted {
  readonly services: Pick<Services, 'gallery'>
  readonly sources: PatchSources
  readonly model: OpenModel | null
  readonly layer: string
  readonly result: ReadableResult
  readonly channel: number
}

/** Afterwards `distinctTop` knows; unless there are no images, or it knows already. */
export async function findAlike({ services, sources, model, layer, result, channel }: Wanted): Promise<void> {
  if (!sources.images || distinctTop(result, channel, 0) !== null) return
  const entries = comparedEntries(result, channel)
  const pixels = await reducedPixels(services, patchesAt(model, layer, entries), sources)
  noteAlike(result, channel, entries, alikeGroups(pixels))
}

/** The patches reduced to so many pixels each, one after the other, red, green, blue and alpha side by side. */
async function reducedPixels(
  services: Wanted['services'],
  patches: readonly Patch[],
  sources: PatchSources,
): Promise<Uint8ClampedArray> {
  const numbers = reducedSide * reducedSide * 4
  const pixels = new Uint8ClampedArray(patches.length * numbers)
  if (patches.length === 0) return pixels
  const layout = { side: mosaicSide(patches.length), patch: reducedSide, gap: 0 }
  const bitmap = await patchRenderer(services, patches, sources, layout)()
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
