/** @file Opens some images, and leaves out those that cannot be opened. */
import type { ImageHandle } from '../../engine/images/imageHandle.ts'
import type { ImageSet } from './imageSet.ts'

/** The handles of those images that can still be opened. */
export async function readableHandles(
  images: ImageSet,
  chosen: readonly number[],
): Promise<{ image: number; handle: ImageHandle }[]> {
  const opened = await Promise.allSettled(
    chosen.map(async (image) => ({ image, handle: await images.handleOf(image) })),
  )
  return opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
}
