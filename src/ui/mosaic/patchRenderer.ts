/** @file Draws patches into one picture, by the gallery or without images, the same way for mosaics and strips. */
import { framing } from '../../core/preprocessing/fit.ts'
import type { MosaicLayout } from '../../core/mosaic/layout.ts'
import type { Services } from '../../state/appState.ts'
import type { RenderMosaic } from '../../state/mosaic/mosaicCache.ts'
import { type Patch, requestsOf } from '../../state/mosaic/patches.ts'
import type { PatchSources } from '../../state/selectors/patchSources.ts'
import { placeholders } from '../results/placeholders.ts'

/** With `sharp`, patches of large photos are cut from the photos themselves. */
export function patchRenderer(
  { gallery }: Pick<Services, 'gallery'>,
  patches: readonly Patch[],
  { images, inputShape, preprocessing, toEdge }: PatchSources,
  layout: MosaicLayout,
  sharp = false,
): RenderMosaic {
  if (!images) return () => placeholders(patches, layout)
  const requests = requestsOf(patches, inputShape, toEdge)
  const frame = framing(inputShape, preprocessing)
  return (onDraft) => gallery.mosaic(requests, frame, layout, { sharp, ...(onDraft && { onDraft }) })
}
