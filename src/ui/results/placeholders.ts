/** @file Draws a mosaic whose images are not open: bars show each patch's activation relative to the strongest. */
import { mosaicExtent, type MosaicLayout, slotOrigin } from '../../core/mosaic/layout.ts'
import type { Patch } from '../../state/mosaic/patches.ts'

/** These colours are visible on the backgrounds of both themes. */
const slotColour = 'rgba(128, 128, 128, 0.14)'
const barColour = 'rgba(128, 128, 128, 0.22)'

export function placeholders(patches: readonly Patch[], layout: MosaicLayout): Promise<ImageBitmap> {
  const extent = mosaicExtent(layout)
  const context = new OffscreenCanvas(extent, extent).getContext('2d')!
  const strongest = Math.max(...patches.map(({ activation }) => Math.abs(activation)))
  const size = layout.patch
  for (const [rank, { activation }] of patches.entries()) {
    const { x, y } = slotOrigin(layout, rank)
    const height = strongest > 0 ? Math.round((Math.abs(activation) / strongest) * size) : 0
    context.fillStyle = slotColour
    context.fillRect(x, y, size, size)
    context.fillStyle = barColour
    context.fillRect(x, y + size - height, size, height)
  }
  return Promise.resolve(context.canvas.transferToImageBitmap())
}
