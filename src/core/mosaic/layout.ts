/** @file Where the patches of a mosaic lie: k squares in ranks, row by row, with a gap between. */

export interface MosaicLayout {
  /** Patches a side: 3, 4 or 5. */
  readonly side: number
  /** Pixels of one patch and between two. */
  readonly patch: number
  readonly gap: number
}

export function mosaicSide(k: number): number {
  return Math.ceil(Math.sqrt(k))
}

/** Width and height of the whole. */
export function mosaicExtent({ side, patch, gap }: MosaicLayout): number {
  return side * patch + (side - 1) * gap
}

/** The largest layout that fits into `extent` pixels: whole pixels, so that nothing is blurred. */
export function fitMosaic(k: number, extent: number, gap: number): MosaicLayout {
  const side = mosaicSide(k)
  return { side, gap, patch: Math.max(1, Math.floor((extent - (side - 1) * gap) / side)) }
}

/** Top left corner of the patch of a rank. */
export function slotOrigin(layout: MosaicLayout, rank: number): { x: number; y: number } {
  const pitch = layout.patch + layout.gap
  return { x: (rank % layout.side) * pitch, y: Math.floor(rank / layout.side) * pitch }
}

/** The rank at a point, null in the gaps and outside. */
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
