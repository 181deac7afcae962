/** @file The layout of a mosaic: k square patches by rank, row by row, with gaps between them. */

export interface MosaicLayout {
  /** The number of patches per side: 3, 4 or 5. */
  readonly side: number
  /** The size of a patch, and the gap between two, in pixels. */
  readonly patch: number
  readonly gap: number
}

export function mosaicSide(k: number): number {
  return Math.ceil(Math.sqrt(k))
}

/** Width and height of the whole mosaic. */
export function mosaicExtent({ side, patch, gap }: MosaicLayout): number {
  return side * patch + (side - 1) * gap
}

/** The largest layout that fits into `extent` pixels. All sizes are whole pixels, so that nothing is blurred. */
export function fitMosaic(k: number, extent: number, gap: number): MosaicLayout {
  const side = mosaicSide(k)
  return { side, gap, patch: Math.max(1, Math.floor((extent - (side - 1) * gap) / side)) }
}

/** The top left corner of the patch with this rank. */
export function slotOrigin(layout: MosaicLayout, rank: number): { x: number; y: number } {
  const pitch = layout.patch + layout.gap
  return { x: (rank % layout.side) * pitch, y: Math.floor(rank / layout.side) * pitch }
}

/** The rank of the patch at a point; null in the gaps and outside. */
export function slotAt(layout: MosaicLayout, x: number, y: number): number | null {
  const pitch = layout.patch + layout.gap
  const column = Math.floor(x / pitch)
  const row = Math.floor(y / pitch)
  const inside =
    column >= 0 &&
    row >= 0 &&
    column < layout.side &&
    row < layout.side &&
    x - column * pitch < layout.patch &&
    y - row * pitch < layout.patch
  return inside ? row * layout.side + column : null
}
